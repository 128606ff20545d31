using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Views absent at test by chance: strategies hold 97, 95 and 90 per cent, falling with the rate, above filled concatenation everywhere.</summary>
internal static class MissingTask
{
    private static readonly string[] s_strategies = ["concat", "kernel-mean", "soft-vote", "log-opinion", "stacking", "lowrank"];

    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        FusionReport report = ReportLines.Compare(options, Handwriting.Read(options), s_strategies, [0.3, 0.5, 0.7]);
        IReadOnlyList<double> filled = report.Of("concat").Missing;
        FusionReportRow[] good = [.. report.Rows.Where(row => s_strategies.Skip(1).Contains(row.Name) && Holds(row, filled))];
        string holding = good.Length == 0 ? "none holds" : $"held by {string.Join(", ", good.Select(row => row.Name))}";
        string figures = $"{holding}; " + string.Join("; ", s_strategies.Select(name => $"{name} {string.Join("/", report.Of(name).Missing.Select(ReportLines.Percent))}")) + $"; best single, nothing absent: {ReportLines.Percent(report.BestSingle!.Score)}";
        return new("mfeat, 5 folds, .3/.5/.7 absent at test", figures, "97 / 95 / 90, monotone, above concatenation", good.Length > 0);
    }

    private static bool Holds(FusionReportRow row, IReadOnlyList<double> filled) =>
        row.Missing[0] >= 0.97 && row.Missing[1] >= 0.95 && row.Missing[2] >= 0.90
        && row.Score >= row.Missing[0] && row.Missing[0] >= row.Missing[1] && row.Missing[1] >= row.Missing[2]
        && row.Missing.Zip(filled).All(pair => pair.First > pair.Second);
}
