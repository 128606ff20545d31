using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Spoken and written digits of one label: the product of posteriors, on the data's own split and with no speaker on both sides.</summary>
internal static class AudioVisualTask
{
    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        (Views views, int firstTest) = SpokenDigits.WithWritten(options, "fou");
        ViewsSplit own = views.SplitFrom(firstTest);
        double[] split = Judge(own);
        double[][] folds = [.. views.Folds(options.IsTiny ? 2 : 3, options.Seed).Select(Judge)];
        double[] disjoint = [.. Enumerable.Range(0, 3).Select(at => folds.Average(fold => fold[at]))];
        string figures = $"audio/fou/product {Joined(split)}, majority {ReportLines.Percent(ReportLines.Majority(own.Train, own.Test))}; speaker-disjoint, {folds.Length} folds: {Joined(disjoint)}";
        bool isAbove = split[2] > Math.Max(split[0], split[1]) && disjoint[2] > Math.Max(disjoint[0], disjoint[1]);
        return new("fsdd 600 / 300 + mfeat by label", figures, "product of posteriors 96.9; above both singles, speaker-disjoint too", split[2] >= 0.969 && isAbove);
    }

    private static double[] Judge(ViewsSplit split) =>
    [
        ReportLines.Accuracy(FusionStrategy.SingleView("audio").Fit(split.Train), split.Test),
        ReportLines.Accuracy(FusionStrategy.SingleView("fou").Fit(split.Train), split.Test),
        ReportLines.Accuracy(LateFusion.Fit(split.Train, new() { Rule = LateRule.LogOpinion }), split.Test),
    ];

    private static string Joined(double[] shares) => string.Join("/", shares.Select(ReportLines.Percent));
}
