using System.Text;

namespace FusionKernels.Cli;

/// <summary>A table of pairs of samples in colours, with the series of its rows at the left, that of its columns above, the window and the path.</summary>
internal sealed class TablePanel
{
    private const double TickWidth = 30, CurveWidth = 44, Gap = 6, AxisHeight = 18, ScaleHeight = 10, ScaleTextHeight = 16;

    private readonly PlotSeries _rows;
    private readonly PlotSeries _columns;
    private readonly PlotBox _map;

    /// <summary>Places it.</summary>
    /// <param name="rows">The series of the rows, from top to bottom.</param>
    /// <param name="columns">The series of the columns.</param>
    /// <param name="left">Its left edge.</param>
    /// <param name="top">Its upper edge.</param>
    /// <param name="width">Its width.</param>
    public TablePanel(PlotSeries rows, PlotSeries columns, double left, double top, double width)
    {
        (_rows, _columns) = (rows, columns);
        double mapWidth = width - TickWidth - CurveWidth - Gap;
        double height = Math.Clamp(mapWidth * rows.Length / columns.Length, mapWidth / 2, mapWidth * 1.25);
        _map = new(left + TickWidth + CurveWidth + Gap, top + CurveWidth + Gap, mapWidth, height);
    }

    /// <summary>The values of the cells; null to draw none. NaN is left clear.</summary>
    public double[,]? Cells { get; init; }

    /// <summary>What the values are.</summary>
    public required string Scale { get; init; }

    /// <summary>The window.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>The path; null for none.</summary>
    public WarpingPath? Path { get; init; }

    /// <summary>Its lower edge.</summary>
    public double Bottom => _map.Bottom + AxisHeight + (Cells is null ? ScaleTextHeight : ScaleHeight + ScaleTextHeight + 4);

    /// <summary>The drawing.</summary>
    public string Svg()
    {
        StringBuilder svg = new();
        svg.Append(_map.Rectangle("fill=\"var(--track)\""));
        double greatest = Cells is null ? 0 : Cells.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (Cells is not null) AppendCells(svg, Cells, greatest);
        if (Window != WarpingWindow.None && !Window.HasHoles) AppendWindow(svg);
        if (Path is not null) AppendPath(svg, Path);
        svg.Append(_map.Rectangle("fill=\"none\" stroke=\"var(--line)\""));
        AppendCurves(svg);
        AppendAxes(svg);
        AppendScale(svg, greatest);
        return svg.ToString();
    }

    /// <summary>Colours follow the root of the values: sums grow fast away from the path, and near it is where to look.</summary>
    private void AppendCells(StringBuilder svg, double[,] cells, double greatest)
    {
        byte[,] pixels = new byte[cells.GetLength(0), cells.GetLength(1)];
        for (int i = 0; i < pixels.GetLength(0); i++)
        {
            for (int j = 0; j < pixels.GetLength(1); j++)
            {
                if (double.IsNaN(cells[i, j])) continue;
                double share = greatest > 0 ? Math.Sqrt(Math.Clamp(cells[i, j] / greatest, 0, 1)) : 0;
                pixels[i, j] = (byte)(1 + Math.Round(254 * share));
            }
        }

        string picture = PngImage.DataUri(pixels, [default, .. HeatPalette.Colours(255)], isFirstClear: true);
        svg.Append($"<image x=\"{SvgText.Number(_map.Left)}\" y=\"{SvgText.Number(_map.Top)}\" width=\"{SvgText.Number(_map.Width)}\" height=\"{SvgText.Number(_map.Height)}\"");
        svg.Append($" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"{picture}\"/>");
    }

    private void AppendWindow(StringBuilder svg)
    {
        const int Steps = 240;
        List<(double Row, int First, int End)> edges = [];
        int steps = Math.Min(Steps, _rows.Length);
        for (int step = 0; step < steps; step++)
        {
            int row = (int)((long)step * _rows.Length / steps);
            var range = Window.Row(row, _rows.Length, _columns.Length).Within(_columns.Length);
            if (range.End <= range.First) continue;
            edges.Add((row, range.First, range.End));
            edges.Add(((long)(step + 1) * _rows.Length / steps, range.First, range.End));
        }

        if (edges.Count == 0) return;
        IEnumerable<string> right = edges.Select(edge => Corner(edge.Row, edge.End)), left = edges.AsEnumerable().Reverse().Select(edge => Corner(edge.Row, edge.First));
        svg.Append($"<polygon fill=\"none\" stroke=\"var(--soft)\" stroke-width=\"1\" points=\"{string.Join(' ', right.Concat(left))}\"/>");

        string Corner(double row, double column) =>
            $"{SvgText.Number(_map.Left + (column / _columns.Length * _map.Width))},{SvgText.Number(_map.Top + (row / _rows.Length * _map.Height))}";
    }

    private void AppendPath(StringBuilder svg, WarpingPath path)
    {
        const int MaximumPoints = 1000;
        int points = Math.Min(MaximumPoints, path.Count);
        StringBuilder places = new();
        for (int i = 0; i < points; i++)
        {
            (int row, int column) = path[points == 1 ? 0 : (int)((long)i * (path.Count - 1) / (points - 1))];
            places.Append($"{SvgText.Number(_map.Left + ((column + 0.5) / _columns.Length * _map.Width))},{SvgText.Number(_map.Top + ((row + 0.5) / _rows.Length * _map.Height))} ");
        }

        // White over black is seen on every colour of the map.
        foreach ((string colour, string width) in new[] { ("#000", "4"), ("#fff", "2") })
        {
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" stroke-linecap=\"round\" points=\"{places}\"/>");
        }
    }

    private void AppendCurves(StringBuilder svg)
    {
        double top = _map.Top - Gap - CurveWidth, left = _map.Left - Gap - CurveWidth;
        svg.Append(SeriesCurve.Svg(
            _columns, (time, value) => (_map.Left + ((time + 0.5) / _columns.Length * _map.Width), top + (CurveWidth * (1 - Share(_columns, value)))), "var(--b)"));
        svg.Append(SeriesCurve.Svg(
            _rows, (time, value) => (left + (CurveWidth * (1 - Share(_rows, value))), _map.Top + ((time + 0.5) / _rows.Length * _map.Height)), "var(--a)"));

        static double Share(PlotSeries series, double value)
        {
            double range = series.Maximum - series.Minimum;
            return range > 0 ? (value - series.Minimum) / range : 0.5;
        }
    }

    private void AppendAxes(StringBuilder svg)
    {
        const string Soft = "class=\"soft\"";
        double left = _map.Left - Gap - CurveWidth - 4, below = _map.Bottom + 13;
        svg.Append(SvgText.Label(left, _map.Top + 9, "end", "0", Soft));
        svg.Append(SvgText.Label(left, _map.Bottom, "end", SvgText.Number(_rows.Length - 1), Soft));
        svg.Append(SvgText.Label(left, _map.Top + (_map.Height / 2) + 4, "end", "A", "class=\"a\" font-weight=\"600\""));
        svg.Append(SvgText.Label(_map.Left, below, "start", "0", Soft));
        svg.Append(SvgText.Label(_map.Right, below, "end", SvgText.Number(_columns.Length - 1), Soft));
        svg.Append(SvgText.Label(_map.Left + (_map.Width / 2), below, "middle", "B", "class=\"b\" font-weight=\"600\""));
    }

    private void AppendScale(StringBuilder svg, double greatest)
    {
        const string Soft = "class=\"soft\"";
        PlotBox bar = new(_map.Left, _map.Bottom + AxisHeight + 4, _map.Width, ScaleHeight);
        double below = (Cells is null ? bar.Top : bar.Bottom) + 13;
        if (Cells is not null)
        {
            svg.Append($"<defs>{HeatPalette.Gradient("scale")}</defs>").Append(bar.Rectangle("fill=\"url(#scale)\" rx=\"2\""));
            svg.Append(SvgText.Label(bar.Left, below, "start", "0", Soft));
            svg.Append(SvgText.Label(bar.Right, below, "end", Units.Significant(greatest), Soft));
        }

        svg.Append(SvgText.Label(bar.Left + (bar.Width / 2), below, "middle", Scale, Soft));
    }
}
