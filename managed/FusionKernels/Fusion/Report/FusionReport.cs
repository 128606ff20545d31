using System.Globalization;

namespace FusionKernels;

/// <summary>What fusion gains on some views, beside every single view and the majority class: scores over folds, with absent and blinded views.</summary>
/// <remarks>
/// Every strategy sees the same folds and the same absent views. <see cref="ToString"/> is a table, <see cref="ToJson"/> one JSON object,
/// <see cref="ToHtml"/> one page that loads nothing from anywhere. Immutable.
/// </remarks>
public sealed partial class FusionReport
{
    internal FusionReport(Views views, IReadOnlyList<FusionReportRow> rows, FusionReportOptions options, string test, bool isComplete)
    {
        (Views, Rows, MissingRates, Test, IsComplete) = ([.. views.Names], rows, options.MissingRates, test, isComplete);
        (RowCount, Classes, Folds, Seed) = (views.Rows, views.Labels?.Distinct().Count() ?? 0, options.TestFrom is null ? options.Folds : 1, options.Seed);
    }

    /// <summary>The views.</summary>
    public IReadOnlyList<string> Views { get; }

    /// <summary>Rows of the views.</summary>
    public int RowCount { get; }

    /// <summary>Classes; 0 where targets are numbers.</summary>
    public int Classes { get; }

    /// <summary>Folds.</summary>
    public int Folds { get; }

    /// <summary>What folds and absent views followed from.</summary>
    public int Seed { get; }

    /// <summary>Rates of absent views, as <see cref="FusionReportRow.Missing"/> goes.</summary>
    public IReadOnlyList<double> MissingRates { get; }

    /// <summary>The baseline, every view alone, every strategy, in this order.</summary>
    public IReadOnlyList<FusionReportRow> Rows { get; }

    /// <summary>The test of significance, in words.</summary>
    public string Test { get; }

    /// <summary>Whether all strategies came to an end; false after a cancellation.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether a smaller score is a better one.</summary>
    public bool IsError => Classes == 0;

    /// <summary>The best view alone; null where none came to an end.</summary>
    public FusionReportRow? BestSingle => Best(FusionReportKind.SingleView);

    /// <summary>The best strategy; null where none came to an end.</summary>
    public FusionReportRow? BestFused => Best(FusionReportKind.Fused);

    /// <summary>A score for people.</summary>
    internal string Number(double score) => (IsError ? score : 100 * score).ToString(IsError ? "0.####" : "0.00", CultureInfo.InvariantCulture);

    private FusionReportRow? Best(FusionReportKind kind)
    {
        IEnumerable<FusionReportRow> rows = Rows.Where(row => row.Kind == kind && row.Error is null);
        return IsError ? rows.MinBy(row => row.Score) : rows.MaxBy(row => row.Score);
    }
}
