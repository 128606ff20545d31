using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>A heat map of similarities between two sets, ordered by label where there are labels, with the matched pairs marked.</summary>
internal sealed class SimilarityPlot
{
    private const double Left = 44, NameHeight = 18, AxisHeight = 34, ScaleHeight = 10, ScaleTextHeight = 16;

    /// <summary>More marks than a map of 200 cells can tell apart.</summary>
    private const int MostMarks = 1000;

    /// <summary>More names do not fit beside one another.</summary>
    private const int MostNames = 24;

    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly ClassLabels? _rowLabels;
    private readonly ClassLabels? _columnLabels;
    private readonly PlotBox _map;

    private SimilarityPlot(int rows, int columns, ClassLabels? rowLabels, ClassLabels? columnLabels)
    {
        (_rowLabels, _columnLabels) = (rowLabels, columnLabels);
        _rows = Order(rows, rowLabels);
        _columns = Order(columns, columnLabels);
        double width = PlotDocument.Width - Left - PlotDocument.Margin;
        double height = Math.Clamp(width * rows / Math.Max(1, columns), width / 2, width * 1.25);
        _map = new(Left, PlotDocument.Margin + PlotDocument.TitleHeight + (2 * NameHeight) + 8, width, height);
    }

    /// <summary>The drawing.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="nameA">What the rows are.</param>
    /// <param name="nameB">What the columns are.</param>
    /// <param name="similarities">rows x columns, at least 1 x 1.</param>
    /// <param name="labels">The labels of both sides; null for the order of the files.</param>
    /// <param name="pairs">The pairs to mark.</param>
    /// <param name="pairing">How they were found.</param>
    /// <param name="scale">What the colours stand for.</param>
    public static string Svg<T>(
        string title, string nameA, string nameB, Tensor<T> similarities, (ClassLabels A, ClassLabels B)? labels, IReadOnlyList<MatchedPair> pairs, string pairing, string scale = "similarity")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SimilarityPlot plot = new((int)similarities.Lengths[0], (int)similarities.Lengths[1], labels?.A, labels?.B);
        StringBuilder svg = new();
        double top = PlotDocument.Margin + PlotDocument.TitleHeight + 8;
        svg.Append(SvgText.Label(PlotDocument.Margin, top, "start", $"A: {nameA}", "class=\"a\""));
        svg.Append(SvgText.Label(PlotDocument.Margin, top + NameHeight, "start", $"B: {nameB}", "class=\"b\""));
        bool marked = pairs.Count is > 0 and <= MostMarks;
        svg.Append(SvgText.Label(
            PlotDocument.Width - PlotDocument.Margin, top + NameHeight, "end", marked ? $"○ {pairing}" : pairs.Count == 0 ? "" : $"{pairs.Count} pairs, too many to mark", "class=\"soft\""));
        (double least, double most) = plot.AppendCells(svg, similarities);
        plot.AppendClasses(svg);
        if (marked) plot.AppendMarks(svg, pairs);
        svg.Append(plot._map.Rectangle("fill=\"none\" stroke=\"var(--line)\""));
        plot.AppendScale(svg, least, most, scale);
        return PlotDocument.Svg(title, svg.ToString(), plot._map.Bottom + AxisHeight + ScaleHeight + ScaleTextHeight + PlotDocument.Margin);
    }

    private static int[] Order(int count, ClassLabels? labels) =>
        labels is null ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, count).OrderBy(row => labels.Indices[row])];

    private (double Least, double Most) AppendCells<T>(StringBuilder svg, Tensor<T> similarities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] ordered = new T[similarities.FlattenedLength];
        for (int i = 0; i < _rows.Length; i++)
        {
            for (int j = 0; j < _columns.Length; j++) ordered[(i * _columns.Length) + j] = similarities[_rows[i], _columns[j]];
        }

        double[,] cells = TableCells.Of(Tensor.Create(ordered, [_rows.Length, _columns.Length]));
        double least = cells.Cast<double>().Min(), most = cells.Cast<double>().Max();
        byte[,] pixels = new byte[cells.GetLength(0), cells.GetLength(1)];
        for (int i = 0; i < pixels.GetLength(0); i++)
        {
            for (int j = 0; j < pixels.GetLength(1); j++) pixels[i, j] = most > least ? (byte)Math.Round(255 * (cells[i, j] - least) / (most - least)) : (byte)128;
        }

        svg.Append($"<image x=\"{SvgText.Number(_map.Left)}\" y=\"{SvgText.Number(_map.Top)}\" width=\"{SvgText.Number(_map.Width)}\" height=\"{SvgText.Number(_map.Height)}\"");
        svg.Append($" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"{PngImage.DataUri(pixels, HeatPalette.Colours())}\"/>");
        return (least, most);
    }

    /// <summary>Classes with lines between them, or the first and the last row.</summary>
    private void AppendClasses(StringBuilder svg)
    {
        const string Soft = "class=\"soft\" font-size=\"11\"";
        double below = _map.Bottom + 13;
        foreach ((double from, double to, string name) in Bands(_rowLabels, _rows))
        {
            double start = _map.Top + (from * _map.Height), end = _map.Top + (to * _map.Height);
            svg.Append(SvgText.Label(_map.Left - 5, ((start + end) / 2) + 4, "end", name, Soft));
            if (to < 1) svg.Append(Line(_map.Left, end, _map.Right, end));
        }

        foreach ((double from, double to, string name) in Bands(_columnLabels, _columns))
        {
            double start = _map.Left + (from * _map.Width), end = _map.Left + (to * _map.Width);
            svg.Append(SvgText.Label((start + end) / 2, below, "middle", name, Soft));
            if (to < 1) svg.Append(Line(end, _map.Top, end, _map.Bottom));
        }

        svg.Append(SvgText.Label(PlotDocument.Margin, _map.Top + (_map.Height / 2) + 4, "start", "A", "class=\"a\" font-weight=\"600\""));
        svg.Append(SvgText.Label(_map.Left + (_map.Width / 2), below + 14, "middle", "B", "class=\"b\" font-weight=\"600\""));
        if (_rowLabels is null) Ends(svg, _map.Left - 5, "end", _map.Top + 9, _map.Bottom, _rows.Length);
        if (_columnLabels is not null) return;
        svg.Append(SvgText.Label(_map.Left, below, "start", "0", Soft));
        svg.Append(SvgText.Label(_map.Right, below, "end", SvgText.Number(_columns.Length - 1), Soft));

        static void Ends(StringBuilder svg, double x, string anchor, double first, double last, int count)
        {
            svg.Append(SvgText.Label(x, first, anchor, "0", Soft));
            svg.Append(SvgText.Label(x, last, anchor, SvgText.Number(count - 1), Soft));
        }

        static string Line(double x1, double y1, double x2, double y2) =>
            $"<line x1=\"{SvgText.Number(x1)}\" y1=\"{SvgText.Number(y1)}\" x2=\"{SvgText.Number(x2)}\" y2=\"{SvgText.Number(y2)}\" stroke=\"#fff\" stroke-opacity=\"0.5\" stroke-width=\"0.7\"/>";
    }

    /// <summary>The place of every class along a side, as shares of it; none where names do not fit.</summary>
    private static IEnumerable<(double From, double To, string Name)> Bands(ClassLabels? labels, int[] order)
    {
        if (labels is null) yield break;
        int start = 0;
        bool named = labels.Indices.Distinct().Count() <= MostNames;
        while (start < order.Length)
        {
            int end = start, label = labels.Indices[order[start]];
            while (end < order.Length && labels.Indices[order[end]] == label) end++;
            string name = labels.Names[label];
            if (named) yield return (start / (double)order.Length, end / (double)order.Length, name.Length > 6 ? name[..5] + "…" : name);
            start = end;
        }
    }

    private void AppendMarks(StringBuilder svg, IReadOnlyList<MatchedPair> pairs)
    {
        int[] placeOfRow = Inverse(_rows), placeOfColumn = Inverse(_columns);
        double radius = Math.Clamp(Math.Min(_map.Width / _columns.Length, _map.Height / _rows.Length) / 3, 1.3, 6);
        svg.Append($"<g fill=\"none\" stroke-width=\"{SvgText.Number(radius < 2 ? 0.8 : 1.4)}\">");
        foreach ((string colour, double wider) in new[] { ("#000", 0.7), ("#fff", 0.0) })
        {
            svg.Append($"<g stroke=\"{colour}\">");
            foreach (MatchedPair pair in pairs)
            {
                double x = _map.Left + ((placeOfColumn[pair.B] + 0.5) / _columns.Length * _map.Width), y = _map.Top + ((placeOfRow[pair.A] + 0.5) / _rows.Length * _map.Height);
                svg.Append($"<circle cx=\"{SvgText.Number(x)}\" cy=\"{SvgText.Number(y)}\" r=\"{SvgText.Number(radius + wider)}\"/>");
            }

            svg.Append("</g>");
        }

        svg.Append("</g>");

        static int[] Inverse(int[] order)
        {
            int[] places = new int[order.Length];
            for (int place = 0; place < order.Length; place++) places[order[place]] = place;
            return places;
        }
    }

    private void AppendScale(StringBuilder svg, double least, double most, string scale)
    {
        const string Soft = "class=\"soft\"";
        PlotBox bar = new(_map.Left, _map.Bottom + AxisHeight, _map.Width, ScaleHeight);
        svg.Append($"<defs>{HeatPalette.Gradient("scale")}</defs>").Append(bar.Rectangle("fill=\"url(#scale)\" rx=\"2\""));
        svg.Append(SvgText.Label(bar.Left, bar.Bottom + 13, "start", Units.Significant(least), Soft));
        svg.Append(SvgText.Label(bar.Right, bar.Bottom + 13, "end", Units.Significant(most), Soft));
        svg.Append(SvgText.Label(bar.Left + (bar.Width / 2), bar.Bottom + 13, "middle", scale, Soft));
    }
}
