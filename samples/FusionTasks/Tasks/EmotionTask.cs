using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Emotion from text, audio and video of utterances, no speaker on both sides of a fold; a set of one's own, or a synthetic one.</summary>
internal static class EmotionTask
{
    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        string? made = options.Folder is null ? Directory.CreateTempSubdirectory("utterances").FullName : null;
        try
        {
            if (made is not null) Utterances.WriteSynthetic(made, options.IsTiny ? 4 : 10, 30, options.Seed);
            Views views = Utterances.Read(options.Folder ?? made!);
            foreach (ViewsSplit split in views.Folds(options.IsTiny ? 2 : 5, options.Seed))
            {
                if (split.Train.Groups!.Intersect(split.Test.Groups!).Any()) throw new InvalidOperationException("a speaker is on both sides of a fold");
            }

            FusionReport report = ReportLines.Compare(options, views, ["concat", "kernel-mean", "alignf", "log-opinion", "stacking"], []);
            FusionReportRow fused = report.BestFused!, single = report.BestSingle!;
            string singles = string.Join(", ", report.Rows.Where(row => row.Kind == FusionReportKind.SingleView).Select(row => $"{row.Name} {ReportLines.Percent(row.Score)}"));
            string data = made is null ? options.Folder! : $"synthetic, {views.Rows} utterances of {views.Groups!.Distinct().Count()} speakers";
            return new($"{data}, speaker-disjoint folds", $"{fused.Name} {ReportLines.Percent(fused.Score)}, {singles}, majority {ReportLines.Percent(report.Rows[0].Score)}", "speakers disjoint; fused above every single modality", fused.Score > single.Score);
        }
        finally
        {
            if (made is not null) Directory.Delete(made, recursive: true);
        }
    }
}
