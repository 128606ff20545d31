using System.Text;

namespace FusionKernels.Cli;

/// <summary>The values of a decomposition, falling, on a scale of powers of ten, with the share of the matrix that they hold.</summary>
internal sealed class SpectrumPlot
{
    private const double Left = 52, Right = 44, Height = 240, NameHeight = 18;

    /// <summary>More points than the width tells apart.</summary>
    private const int MostPoints = 800;

    private readonly IReadOnlyList<double> _values;
    private readonly PlotBox _box = new(Left, PlotDocument.Margin + PlotDocument.TitleHeight + (2 * NameHeight) + 6, PlotDocument.Width - Left - Right, Height);
    private readonly double _noise;
    private readonly double _least;
    private readonly double _most;

    private SpectrumPlot(IReadOnlyList<double> values, double noise)
    {
        (_values, _noise) = (values, noise);
        double[] sizes = [.. values.Select(Math.Abs).Where(size => size > noise).DefaultIfEmpty(1)];
        _most = Math.Ceiling(Math.Log10(sizes.Max()));
        _least = Math.Min(_most - 1, Math.Floor(Math.Log10(sizes.Min())));
    }

    /// <summary>The drawing.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="what">What the values are called.</param>
    /// <param name="values">In descending order; one at least.</param>
    /// <param name="noise">The size of rounding: what is no larger lies, grey, at the bottom.</param>
    /// <param name="squares">The sum of the squares of the matrix, which is that of all values.</param>
    public static string Svg(string title, string what, IReadOnlyList<double> values, double noise, double squares)
    {
        SpectrumPlot plot = new(values, noise);
        StringBuilder svg = new();
        double top = PlotDocument.Margin + PlotDocument.TitleHeight + 8;
        string negative = values.Any(value => value < -noise) ? ", negative ones hollow" : "", none = values.Any(value => Math.Abs(value) <= noise) ? ", rounding grey" : "";
        svg.Append(SvgText.Label(PlotDocument.Margin, top, "start", $"{what}, left scale{negative}{none}", "class=\"a\""));
        svg.Append(SvgText.Label(PlotDocument.Margin, top + NameHeight, "start", "share of the matrix's squares up to it, right scale", "class=\"b\""));
        plot.AppendAxes(svg, squares > 0);
        if (squares > 0) plot.AppendShares(svg, squares);
        plot.AppendValues(svg);
        svg.Append(plot._box.Rectangle("fill=\"none\" stroke=\"var(--line)\""));
        return PlotDocument.Svg(title, svg.ToString(), plot._box.Bottom + 24 + PlotDocument.Margin);
    }

    private void AppendAxes(StringBuilder svg, bool hasShares)
    {
        const string Soft = "class=\"soft\" font-size=\"11\"";
        int step = (int)Math.Ceiling((_most - _least) / 8);
        for (double power = _most; power >= _least; power -= step)
        {
            double y = Y(power);
            svg.Append($"<line x1=\"{SvgText.Number(_box.Left)}\" x2=\"{SvgText.Number(_box.Right)}\" y1=\"{SvgText.Number(y)}\" y2=\"{SvgText.Number(y)}\" stroke=\"var(--track)\"/>");
            svg.Append(SvgText.Label(_box.Left - 6, y + 4, "end", SvgText.Power(power), Soft));
        }

        foreach (int percent in hasShares ? (ReadOnlySpan<int>)[0, 50, 100] : [])
        {
            svg.Append(SvgText.Label(_box.Right + 6, _box.Bottom - (_box.Height * percent / 100) + 4, "start", $"{percent} %", Soft));
        }

        svg.Append(SvgText.Label(X(0), _box.Bottom + 15, "middle", "1", Soft));
        if (_values.Count > 1) svg.Append(SvgText.Label(X(_values.Count - 1), _box.Bottom + 15, "middle", SvgText.Number(_values.Count), Soft));
        svg.Append(SvgText.Label(_box.Left + (_box.Width / 2), _box.Bottom + 15, "middle", "number", Soft));
    }

    private void AppendShares(StringBuilder svg, double squares)
    {
        svg.Append("<path fill=\"none\" stroke=\"var(--b)\" stroke-width=\"1.6\" d=\"");
        double sum = 0;
        int step = Step();
        for (int i = 0; i < _values.Count; i++)
        {
            sum += _values[i] * _values[i];
            if (i % step != 0 && i != _values.Count - 1) continue;
            svg.Append($"{(i == 0 ? "M" : "L")}{SvgText.Number(X(i))} {SvgText.Number(_box.Bottom - (_box.Height * Math.Min(1, sum / squares)))}");
        }

        svg.Append("\"/>");
    }

    private void AppendValues(StringBuilder svg)
    {
        double radius = Math.Clamp(_box.Width / _values.Count / 2.5, 1.4, 4);
        for (int i = 0; i < _values.Count; i += Step())
        {
            double size = Math.Abs(_values[i]), y = size > _noise ? Y(Math.Log10(size)) : _box.Bottom;
            string fill = size <= _noise ? "fill=\"var(--link)\"" : _values[i] < 0 ? "fill=\"var(--paper)\" stroke=\"var(--a)\" stroke-width=\"1.2\"" : "fill=\"var(--a)\"";
            svg.Append($"<circle cx=\"{SvgText.Number(X(i))}\" cy=\"{SvgText.Number(y)}\" r=\"{SvgText.Number(radius)}\" {fill}><title>{i + 1}: {Units.Significant(_values[i])}</title></circle>");
        }
    }

    private int Step() => Math.Max(1, (_values.Count + MostPoints - 1) / MostPoints);

    private double X(int number) => _box.Left + (_box.Width * (number + 0.5) / _values.Count);

    private double Y(double power) => _box.Bottom - (_box.Height * (power - _least) / (_most - _least));
}
