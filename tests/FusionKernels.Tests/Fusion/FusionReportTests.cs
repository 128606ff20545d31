using System.Numerics.Tensors;
using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Reports: rows, significance, JSON, page, cancellation.</summary>
[TestFixture]
[Parallelizable]
public sealed class FusionReportTests
{
    /// <summary>One strategy that trains is enough here.</summary>
    private static readonly FusionStrategy[] s_strategies = [.. FusionStrategy.All(FusionData.Halves(8, 3, 2)).Where(one => one.Name == "gated" || !TrainedFusionTests.Names.Contains(one.Name))];

    private static readonly Lazy<FusionReport> s_report = new(() => FusionReport.Compare(FusionData.Halves(80, 3, 2), s_strategies, folds: 3, seed: 1));

    [Test]
    public void Baseline_singles_and_strategies_stand_side_by_side()
    {
        FusionReport report = s_report.Value;
        Assert.That(report.Rows.Select(row => row.Name), Is.EqualTo((string[])["majority class", "v0", "v1", "v2", .. s_strategies.Select(one => one.Name)]));
        Assert.That(report.Rows.Select(row => row.Error), Is.All.Null);
        Assert.That(report.Rows[0].Score, Is.EqualTo(0.25).Within(0.04));
        Assert.That(report.BestFused!.Score, Is.GreaterThan(report.BestSingle!.Score + 0.2));
        Assert.That(report.BestFused.PValue, Is.LessThan(0.001));
        foreach (FusionReportRow row in report.Rows)
        {
            Assert.That(row.Folds, Has.Count.EqualTo(3));
            Assert.That(row.Score, Is.EqualTo(row.Folds.Average()).Within(1e-12));
            if (row.Kind != FusionReportKind.Fused) continue;
            Assert.That((row.Missing.Count, row.Blinded.Count, row.Weights.Count), Is.EqualTo((3, 3, 3)));
            Assert.That(row.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        }

        Assert.That(report.ToString(), Does.Contain("kernel-mean").And.Contain("-30 %").And.Contain("exact McNemar").And.Contain("80 rows, 3 views (v0, v1, v2), 4 classes, 3 folds, seed 1"));
    }

    [Test]
    public void Json_and_page_hold_every_row()
    {
        FusionReport report = s_report.Value;
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.That(json.RootElement.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("name").GetString()), Is.EqualTo(report.Rows.Select(row => row.Name)));
        Assert.That(json.RootElement.GetProperty("results")[0].GetProperty("pValue").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(json.RootElement.GetProperty("measure").GetString(), Is.EqualTo("accuracy"));
        string page = report.ToHtml("Halves <& more>");
        _ = XDocument.Parse(page);
        Assert.That(page, Does.Contain("Halves &lt;&amp; more&gt;").And.Contain("<svg").And.Not.Contain("http"));
        foreach (FusionReportRow row in report.Rows) Assert.That(page, Does.Contain(row.Name));
    }

    [Test]
    public void The_same_seed_gives_the_same_report()
    {
        FusionReport again = FusionReport.Compare(FusionData.Halves(80, 3, 2), [FusionStrategy.Named("kernel-mean")], folds: 3, seed: 1);
        FusionReportRow before = s_report.Value.Rows.Single(row => row.Name == "kernel-mean"), after = again.Rows[^1];
        Assert.That((after.Score, after.PValue), Is.EqualTo((before.Score, before.PValue)));
        Assert.That(after.Missing, Is.EqualTo(before.Missing));
    }

    [Test]
    public void What_a_strategy_cannot_take_is_a_row_with_the_reason()
    {
        Tensor<float>[] series = [.. Enumerable.Range(0, 20).Select(i => Tensor.Create([.. Enumerable.Range(0, 6).Select(t => (float)(i % 2 == 0 ? t : 6 - t))], [6]))];
        Views views = Views.Of(("s", series), ("x", Tensor.Create([.. Enumerable.Range(0, 20).Select(i => (float)(i % 2))], [20, 1]))).WithLabels([.. Enumerable.Range(0, 20).Select(i => i % 2)]);
        FusionReport report = FusionReport.Compare(views, [FusionStrategy.Named("concat"), FusionStrategy.Named("kernel-mean")], folds: 2);
        Assert.That(report.Rows[^2].Error, Does.Contain("'s' is of Sequences"));
        Assert.That(report.Rows[^1].Score, Is.EqualTo(1));
        Assert.That(report.ToString(), Does.Contain("'s' is of Sequences"));
        _ = XDocument.Parse(report.ToHtml());
    }

    [Test]
    public void Cancelling_keeps_the_rows_that_are_complete()
    {
        using CancellationTokenSource source = new();
        List<string> done = [];
        FusionReport report = FusionReport.Compare(FusionData.Halves(60, 2, 2), new FusionReportOptions
        {
            TestFrom = 40,
            Cancellation = source.Token,
            RowDone = row =>
            {
                done.Add(row.Name);
                if (row.Name == "kernel-mean") source.Cancel();
            },
        });
        Assert.That(report.IsComplete, Is.False);
        Assert.That(report.Rows.Select(row => row.Name), Is.EqualTo(done));
        Assert.That(done, Is.EqualTo((string[])["majority class", "v0", "v1", "concat", "kernel-mean"]));
    }

    [Test]
    public void Rows_of_an_interrupted_comparison_tell_their_folds()
    {
        using CancellationTokenSource source = new();
        int steps = 0;
        FusionReport report = FusionReport.Compare(FusionData.Halves(60, 2, 2), new FusionReportOptions
        {
            Strategies = [FusionStrategy.Named("kernel-mean")],
            Folds = 3,
            Cancellation = source.Token,
            Step = _ =>
            {
                if (++steps == 6) source.Cancel(); // the second of four rows, in the second fold
            },
        });
        Assert.That(report.Rows.Select(row => row.Folds.Count), Is.EqualTo((int[])[2, 1, 1, 1]));
        string[] lines = report.ToString().Split('\n');
        Assert.That(lines[2], Does.EndWith("  2 of 3 folds"));
        Assert.That(lines[3], Does.EndWith("  1 of 3 folds"));
    }

    [Test]
    public void Targets_are_judged_by_their_error()
    {
        Views views = FusionData.Halves(60, 2, 3);
        views = Views.Of(("v0", views["v0"]), ("v1", views["v1"])).WithTargets(Tensor.Create([.. views.Labels!.Select(label => (double)label)], [60]));
        FusionReport report = FusionReport.Compare(views, [FusionStrategy.Named("kernel-mean"), FusionStrategy.Named("soft-vote"), FusionStrategy.Named("evidential")], folds: 2);
        Assert.That(report.IsError, Is.True);
        Assert.That(report.Rows[0].Score, Is.EqualTo(1.118).Within(0.05)); // the deviation of 0, 1, 2, 3
        Assert.That(report.Rows[3].Score, Is.LessThan(report.Rows[0].Score));
        Assert.That(report.Rows[^1].Error, Does.Contain("targets"));
        _ = XDocument.Parse(report.ToHtml());
    }
}
