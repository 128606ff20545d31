using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <content>The table.</content>
public sealed partial class FusionReport
{
    /// <summary>Tables for people: scores in per cent, or errors; then, by view, weights, scores without the view and gates; then attention.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{RowCount} rows, {Views.Count} views ({string.Join(", ", Views)}), ");
        text.Append(CultureInfo.InvariantCulture, $"{(IsError ? "targets" : $"{Classes} classes")}, {(Folds == 1 ? "one split" : $"{Folds} folds")}, seed {Seed}\n");
        int width = Math.Max(8, Rows.Count == 0 ? 0 : Rows.Max(row => row.Name.Length));
        AppendScores(text, width);
        foreach (ViewFigures figures in FiguresByView())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{figures.Heading}: {figures.Note}\n");
            AppendColumns(text, width, Views, [.. figures.Rows.Select(row => (row.Name, row.Cells))]);
        }

        foreach (FusionReportRow row in Rows.Where(row => row.Attention is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nAttention of {row.Name}: who looks, and at whom.\n");
            AppendColumns(text, width, row.Attention!.To, [.. row.Attention.From.Select((from, at) => (from, (IReadOnlyList<string>)[.. row.Attention.Weights[at].Select(Weight)]))]);
        }

        return text.ToString();
    }

    private void AppendScores(StringBuilder text, int width)
    {
        string missing = string.Concat(MissingRates.Select(rate => string.Create(CultureInfo.InvariantCulture, $"{$"-{100 * rate:0} %",9}")));
        text.Append(CultureInfo.InvariantCulture, $"{"".PadRight(width)}  {(IsError ? "rmse" : "accuracy"),9} {"spread",8}{missing} {"p",8} {"seconds",8}\n");
        foreach (FusionReportRow row in Rows)
        {
            text.Append(row.Name.PadRight(width));
            if (row.Error is { } error)
            {
                text.Append("  ").Append(error).Append('\n');
                continue;
            }

            string gaps = string.Concat(MissingRates.Select((_, r) => (row.Missing.Count > r ? Number(row.Missing[r]) : "").PadLeft(9)));
            string p = double.IsNaN(row.PValue) ? "" : row.PValue.ToString("0.0000", CultureInfo.InvariantCulture);
            string part = row.Folds.Count < Folds ? $"  {row.Folds.Count} of {Folds} folds" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {Number(row.Score),9} {Number(row.Spread),8}{gaps} {p,8} {row.Seconds,8:0.0}{part}\n");
        }

        if (MissingRates.Count > 0) text.Append("-n %: with n per cent of the views absent at test. ");
        text.Append("p: against the best single view, ").Append(Test).Append('\n');
    }

    private static void AppendColumns(StringBuilder text, int width, IReadOnlyList<string> heads, IReadOnlyList<(string Name, IReadOnlyList<string> Cells)> rows)
    {
        int first = Math.Max(width, rows.Max(row => row.Name.Length));
        int[] widths = [.. heads.Select((head, at) => Math.Max(head.Length, rows.Max(row => row.Cells[at].Length)))];
        Append("", heads);
        foreach ((string name, IReadOnlyList<string> cells) in rows) Append(name, cells);

        void Append(string name, IReadOnlyList<string> cells) =>
            text.Append(name.PadRight(first)).Append(string.Concat(cells.Select((cell, at) => $"  {cell.PadLeft(widths[at])}"))).Append('\n');
    }

    /// <summary>What the report tells of each view, by strategy, for tables and pages alike; nothing of what no strategy has.</summary>
    private IEnumerable<ViewFigures> FiguresByView() => new[]
    {
        Figures("Weights", "what each strategy leans on, kernels, coefficients or reliable views; they add up to 1.", row => [.. row.Weights.Select(Weight)]),
        Figures("Without each view", $"{(IsError ? "root mean squared error" : "accuracy")} with the view of the column absent from the test rows.", row => [.. row.Blinded.Select(Number)]),
        Figures("Gates", "how far each view is let through: the mean over features and test rows, and the least and the most open feature.", row => [.. row.Gates.Select(Gate)]),
    }.Where(figures => figures.Rows.Count > 0);

    private ViewFigures Figures(string heading, string note, Func<FusionReportRow, IReadOnlyList<string>> cells) =>
        new(heading, note, [.. Rows.Where(row => row.Kind == FusionReportKind.Fused).Select(row => (row.Name, cells(row))).Where(row => row.Item2.Count == Views.Count)]);

    /// <summary>A share for people.</summary>
    internal static string Weight(double weight) => weight.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Gate(FusionGate gate) => string.Create(CultureInfo.InvariantCulture, $"{gate.Mean:0.00} ({gate.Least:0.00}-{gate.Most:0.00})");

    /// <summary>One table by view.</summary>
    private sealed record ViewFigures(string Heading, string Note, IReadOnlyList<(string Name, IReadOnlyList<string> Cells)> Rows);
}
