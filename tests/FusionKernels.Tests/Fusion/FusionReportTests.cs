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
            Assert.That(row.Gates, Has.Count.EqualTo(row.Name == "gated" ? 3 : 0), row.Name);
            Assert.That(row.Attention, Is.Null);
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

    /// <summary>Against the explanations of the same models, averaged here; in the object, the text, the JSON and the page.</summary>
    [Test]
    public void Gates_and_attention_are_the_means_of_explanations()
    {
        Views views = FusionData.Halves(60, 3, 2).WithMissing(0.2, 5);
        FusionRule[] rules = [FusionRule.Gated, FusionRule.Attention, FusionRule.CrossModal, FusionRule.Latent];
        Func<Views, FusionModel>[] fits = [.. rules.Select(rule => (Func<Views, FusionModel>)(rows => TrainedFusion.Fit(rows, new() { Rule = rule, Width = 8, Hidden = 8, Heads = 2, Epochs = 3, Seed = 2 })))];
        FusionReport report = FusionReport.Compare(views, new FusionReportOptions { TestFrom = 40, Strategies = [.. rules.Zip(fits, (rule, fit) => new FusionStrategy(TrainedFusion.NameOf(rule), (rows, _) => fit(rows)))] });
        ViewsSplit split = views.SplitFrom(40);
        FusionExplanation[] told = [.. fits.Select(fit => fit(split.Train).Explain(split.Test))];
        FusionReportRow[] rows = [.. rules.Select(rule => report.Rows.Single(row => row.Name == TrainedFusion.NameOf(rule)))];

        // Gates: features of each row over its present views, of sum 1.
        Tensor<double> gates = told[0].Gates!;
        for (int m = 0; m < 3; m++)
        {
            double[] features = [.. Enumerable.Range(0, 8).Select(feature => Enumerable.Range(0, 20).Average(row => gates[row, feature, m]))];
            Assert.That((rows[0].Gates[m].Mean, rows[0].Gates[m].Least, rows[0].Gates[m].Most), Is.EqualTo((features.Average(), features.Min(), features.Max())).Using<(double A, double B, double C)>((a, b) => Math.Abs(a.A - b.A) + Math.Abs(a.B - b.B) + Math.Abs(a.C - b.C) < 1e-12));
        }

        Assert.That(rows[0].Gates.Sum(gate => gate.Mean), Is.EqualTo(1).Within(1e-6));

        // One token of each view and the answer; two tokens of each view; two tokens of each view that latent queries look at.
        string[] withAnswer = ["(answer)", "v0", "v1", "v2"], names = ["v0", "v1", "v2"];
        Same(rows[1], told[1], withAnswer, withAnswer, query => [query], key => [key]);
        Same(rows[2], told[2], names, names, query => [2 * query, (2 * query) + 1], key => [2 * key, (2 * key) + 1]);
        Same(rows[3], told[3], ["(latent)"], names, _ => [.. Enumerable.Range(0, (int)told[3].Attention!.Lengths[1])], key => [2 * key, (2 * key) + 1]);
        Assert.That(rows[2].Attention!.Weights[1][1], Is.Zero, "a view looks at others");

        string text = report.ToString();
        Assert.That(text, Does.Contain("\nWeights: ").And.Contain("\nWithout each view: ").And.Contain("\nGates: ").And.Contain("\nAttention of crossmodal: "));
        Assert.That(text, Does.Contain($"{rows[0].Gates[1].Mean:0.00} ({rows[0].Gates[1].Least:0.00}-{rows[0].Gates[1].Most:0.00})").And.Contain($"{rows[1].Attention!.Weights[0][2]:0.000}"));
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        JsonElement gated = json.RootElement.GetProperty("results")[4], attention = json.RootElement.GetProperty("results")[5];
        Assert.That(gated.GetProperty("gates")[1].GetProperty("mean").GetDouble(), Is.EqualTo(rows[0].Gates[1].Mean));
        Assert.That(attention.GetProperty("attention").GetProperty("from")[0].GetString(), Is.EqualTo("(answer)"));
        Assert.That(attention.GetProperty("attention").GetProperty("weights")[0][2].GetDouble(), Is.EqualTo(rows[1].Attention!.Weights[0][2]));
        string page = report.ToHtml();
        Assert.That(XDocument.Parse(page).Descendants().Count(one => (string?)one.Attribute("aria-label") == "Cells of attention"), Is.EqualTo(3));
        Assert.That(page, Does.Contain("<h2>Gates</h2>").And.Contain("<h3>latent</h3>"));

        static void Same(FusionReportRow row, FusionExplanation told, string[] from, string[] to, Func<int, int[]> queries, Func<int, int[]> keys)
        {
            FusionAttention found = row.Attention!;
            Assert.That((found.From, found.To), Is.EqualTo((from, to)));
            for (int i = 0; i < from.Length; i++)
            {
                // Tokens of absent views, and of views alone in their row, look at nothing.
                (int Row, int Query)[] looking = [.. from one in Enumerable.Range(0, 20) from query in queries(i) where Enumerable.Range(0, (int)told.Attention!.Lengths[2]).Any(key => told.Attention[one, query, key] > 0) select (one, query)];
                Assert.That(looking, Is.Not.Empty);
                for (int j = 0; j < to.Length; j++) Assert.That(found.Weights[i][j], Is.EqualTo(looking.Average(at => Share(at, keys(j)))).Within(1e-12), $"{row.Name}: {from[i]} at {to[j]}");
                Assert.That(found.Weights[i].Sum(), Is.EqualTo(1).Within(1e-9));
            }

            double Share((int Row, int Query) at, int[] of) => of.Sum(key => told.Attention![at.Row, at.Query, key]) / Enumerable.Range(0, (int)told.Attention!.Lengths[2]).Sum(key => told.Attention[at.Row, at.Query, key]);
        }
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
        FusionReport report = FusionReport.Compare(views, [FusionStrategy.Named("common-clock"), FusionStrategy.Named("kernel-mean")], folds: 2);
        Assert.That(report.Rows[^2].Error, Does.Contain("'x' is of Vectors"));
        Assert.That(report.Rows[^1].Score, Is.EqualTo(1));
        Assert.That(report.ToString(), Does.Contain("'x' is of Vectors"));
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
