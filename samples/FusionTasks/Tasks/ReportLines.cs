using FusionKernels;

namespace FusionTasks.Tasks;

/// <summary>What several tasks say of a report.</summary>
internal static class ReportLines
{
    /// <summary>Compares strategies, and prints the table.</summary>
    public static FusionReport Compare(TaskOptions options, Views views, IReadOnlyList<string> strategies, IReadOnlyList<double> missing)
    {
        FusionReport report = FusionReport.Compare(views, new FusionReportOptions
        {
            Strategies = [.. FusionStrategy.All(views).Where(one => strategies.Count == 0 || strategies.Contains(one.Name))],
            Folds = options.IsTiny ? 2 : 5,
            Seed = options.Seed,
            MissingRates = missing,
            Ablation = false,
            Threads = options.Threads,
        });
        options.Out.WriteLine(report);
        return report;
    }

    /// <summary>A row by its name.</summary>
    public static FusionReportRow Of(this FusionReport report, string name) => report.Rows.Single(row => row.Name == name);

    /// <summary>A share as people read it.</summary>
    public static string Percent(double share) => $"{100 * share:f2}";

    /// <summary>The part of rows that are named right.</summary>
    public static double Accuracy(FusionModel model, Views rows) => Accuracy(model.Predict(rows), rows);

    /// <summary>The part of labels that are right.</summary>
    public static double Accuracy(int[] named, Views rows) => named.Where((label, i) => label == rows.Labels![i]).Count() / (double)rows.Rows;

    /// <summary>The part of the commonest label of the training rows among the test rows.</summary>
    public static double Majority(Views train, Views test)
    {
        int commonest = train.Labels!.GroupBy(label => label).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return test.Labels!.Count(label => label == commonest) / (double)test.Rows;
    }
}
