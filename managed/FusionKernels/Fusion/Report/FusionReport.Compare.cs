namespace FusionKernels;

/// <content>The comparison.</content>
public sealed partial class FusionReport
{
    /// <summary>Compares strategies with every single view and with the majority class.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="strategies">Strategies; null for all that take the kinds of the views.</param>
    /// <param name="folds">Folds, 2 or more.</param>
    /// <param name="seed">What folds and absent views follow from.</param>
    /// <returns>The report; a strategy that cannot take the views has a row with the reason.</returns>
    /// <exception cref="ArgumentException">There are neither labels nor targets, or the rows cannot be split so.</exception>
    public static FusionReport Compare(Views views, IReadOnlyList<FusionStrategy>? strategies = null, int folds = 5, int seed = 0) =>
        Compare(views, new FusionReportOptions { Strategies = strategies, Folds = folds, Seed = seed });

    /// <summary>Compares strategies with every single view and with the majority class.</summary>
    /// <param name="views">Views with labels of two classes at least, or with targets.</param>
    /// <param name="options">Strategies, folds, rates of absent views, progress; null for the defaults.</param>
    /// <returns>The report, after a cancellation with the rows that were complete; a strategy that cannot take the views has a row with the reason.</returns>
    /// <exception cref="ArgumentException">There are neither labels nor targets, or the rows cannot be split so.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or a rate is not above 0 and at most 1.</exception>
    public static FusionReport Compare(Views views, FusionReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(options);
        if (views.Labels is { } labels) _ = new ClassPairs([.. labels]);
        else _ = views.RequireTargets();
        foreach (double rate in options.MissingRates)
        {
            if (!(rate is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), rate, "a rate of absent views is above 0 and at most 1");
        }

        IReadOnlyList<ViewsSplit> splits = options.TestFrom is { } first ? [views.SplitFrom(first)] : views.Folds(options.Folds, options.Seed);
        return FusionExecution.Run(
            options,
            "FusionReport.Compare",
            views.IsFloat64,
            hasKernel: true,
            told => new FusionComparison(views, splits, told!).Run(),
            report => $"{report.Rows.Count} rows{(report.IsComplete ? "" : " until it was cancelled")}, each over {splits.Count} splits of {views.Rows} rows of {views.Count} views");
    }
}
