using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Digits in six views, every strategy in one report; and three weak views, that have to gain three points together.</summary>
internal static class DigitsTask
{
    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        FusionReport all = ReportLines.Compare(options, Handwriting.Read(options), options.IsTiny ? ["kernel-mean", "alignf"] : [], []);
        FusionReport weak = ReportLines.Compare(options, Handwriting.Read(options, "fou", "zer", "mor"), ["kernel-mean", "alignf", "stacking"], []);
        FusionReportRow best = all.Rows.Where(row => row.Name is "kernel-mean" or "alignf").MaxBy(row => row.Score)!;
        FusionReportRow together = weak.Rows.Where(row => row.Name is "kernel-mean" or "alignf" or "stacking").MinBy(row => row.Score)!;
        double gain = together.Score - weak.BestSingle!.Score;
        string figures = $"{best.Name} {ReportLines.Percent(best.Score)} ± {ReportLines.Percent(best.Spread)}, best single {all.BestSingle!.Name} {ReportLines.Percent(all.BestSingle.Score)}, majority {ReportLines.Percent(all.Rows[0].Score)}; "
            + $"fou/zer/mor: {string.Join("/", weak.Rows.Where(row => row.Kind == FusionReportKind.SingleView).Select(row => ReportLines.Percent(row.Score)))}, {together.Name} {ReportLines.Percent(together.Score)} (+{100 * gain:f1})";
        return new("mfeat, 5 folds", figures, "kernel fusion 99.0; weak views best single + 3", best.Score >= 0.99 - 1e-9 && gain >= 0.03);
    }
}
