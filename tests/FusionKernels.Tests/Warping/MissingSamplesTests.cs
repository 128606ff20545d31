using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Samples that are missing: skipped and counted, or spread, by soft alignments, kernels, barycentres and search.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class MissingSamplesTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Gamma = 0.4;
    private static readonly double s_epsilon = Tolerances.Epsilon<T>();
    private static readonly double[][] s_x = MissingCases.Holed(SoftCases.Walk<T>(33, 2, 1), 3), s_y = MissingCases.Holed(SoftCases.Walk<T>(40, 2, 2), 4);

    private SoftDtwOptions Soft => new() { Device = engine.Device, Gamma = Gamma };

    [Test]
    public void Skipped_samples_cost_a_soft_alignment_nothing_and_are_counted()
    {
        List<ExecutionReport> reports = [];
        SoftDtwOptions skip = Soft with { Missing = MissingSamples.Skip, Report = reports.Add };
        Tensor<T> x = SoftCases.Tensor<T>(s_x), y = SoftCases.Tensor<T>(s_y);
        double[,] costs = MissingCases.Costs(s_x, s_y), alignment = WarpingReference.ExpectedAlignment(costs, Gamma, WarpingWindow.None);
        double expected = WarpingReference.AccumulateSoft(costs, Gamma, WarpingWindow.None)[s_x.Length - 1, s_y.Length - 1];
        double tolerance = SoftCases.Tolerance<T>(engine, 73, 2, expected, Gamma);
        Assert.That(double.CreateChecked(SoftDtw.Value(x, y, skip)), Is.EqualTo(expected).Within(tolerance));
        Assert.That(double.CreateChecked(SoftDtw.Distances([x, y], skip)[0, 1]), Is.EqualTo(expected).Within(tolerance));
        SoftCases.Near(SoftDtw.ExpectedAlignment(x, y, skip), alignment, 2e3 * s_epsilon, "expected alignment");
        SoftDtwGradient<T> gradient = SoftDtw.ValueAndGradient(x, y, skip);
        Assert.That(double.CreateChecked(gradient.Value), Is.EqualTo(expected).Within(tolerance));
        SoftCases.Near(gradient.X, MissingCases.Gradient(s_x, s_y, alignment), 1e4 * s_epsilon, "gradient");
        Assert.That(reports.Select(report => report.SkippedValues), Is.All.EqualTo(MissingCases.Count(s_x) + MissingCases.Count(s_y)));
        SoftDtw.Value(y, SoftCases.Tensor<T>(SoftCases.Walk<T>(5, 2, 3)), skip with { Report = report => Assert.That(report.SkippedValues, Is.EqualTo(MissingCases.Count(s_y))) });
    }

    [Test]
    public void Samples_that_propagate_make_soft_alignments_and_derivatives_NaN_and_no_others()
    {
        SoftDtwOptions spread = Soft with { Missing = MissingSamples.Propagate };
        Tensor<T> x = SoftCases.Tensor<T>(s_x), whole = SoftCases.Tensor<T>(SoftCases.Walk<T>(9, 2, 5)), other = SoftCases.Tensor<T>(SoftCases.Walk<T>(12, 2, 6));
        Tensor<T> values = SoftDtw.Distances([whole, x, other], spread), fine = SoftDtw.Distances([whole, other], Soft);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++) Assert.That(T.IsNaN(values[i, j]), Is.EqualTo(i == 1 || j == 1), $"{i}, {j}");
        }

        // Series are centred on all samples of a set, so what is spread moves roundings of the others.
        Assert.That(double.CreateChecked(values[0, 2]), Is.EqualTo(double.CreateChecked(fine[0, 1])).Within(1e3 * s_epsilon));
        SoftDtwGradient<T> broken = SoftDtw.DivergenceAndGradient(whole, x, spread), intact = SoftDtw.ValuesAndGradients([x, whole], [whole, other], spread)[1];
        Assert.That(T.IsNaN(broken.Value) && broken.X.All(T.IsNaN) && broken.Y.All(T.IsNaN));
        Assert.That(T.IsFinite(intact.Value) && intact.X.All(T.IsFinite));
        Assert.That(SoftDtw.ExpectedAlignment(x, whole, spread).All(T.IsNaN));
        Assert.That(T.IsNaN(SoftDtw.Divergence(x, whole, spread)));
    }

    [Test]
    public void Global_alignment_kernels_skip_and_spread()
    {
        GlobalAlignmentOptions options = new() { Device = engine.Device, Sigma = 0.7, Normalized = false, Missing = MissingSamples.Skip };
        Tensor<T> x = SoftCases.Tensor<T>(s_x), y = SoftCases.Tensor<T>(s_y);
        double expected = WarpingReference.LogGlobalAlignment(MissingCases.Costs(s_x, s_y), 0.7, WarpingWindow.None);
        Assert.That(double.CreateChecked(GlobalAlignment.Log(x, y, options)), Is.EqualTo(expected).Within(SoftCases.Tolerance<T>(engine, 73, 2, expected, 1)));
        Tensor<T> spread = GlobalAlignment.Gram([SoftCases.Tensor<T>(SoftCases.Walk<T>(9, 2, 5)), x], options with { Missing = MissingSamples.Propagate, Normalized = true });
        Assert.That(spread[0, 0], Is.EqualTo(T.One));
        Assert.That(T.IsNaN(spread[0, 1]) && T.IsNaN(spread[1, 0]) && T.IsNaN(spread[1, 1]));
        Assert.That(() => GlobalAlignment.Log(x, y, options with { Missing = MissingSamples.Reject }), Throws.ArgumentException.With.Message.Contains("MissingSamples.Skip"));
    }

    [Test]
    public void Barycentres_are_whole_where_members_have_gaps()
    {
        List<Tensor<T>> members = [.. Enumerable.Range(0, 7).Select(i => SoftCases.Tensor<T>(MissingCases.Holed(SoftCases.Walk<T>(22 + i, 2, i), i)))];
        DtwOptions distance = new() { Device = engine.Device, Root = false, Missing = MissingSamples.Skip };
        foreach (BarycenterStart start in Enum.GetValues<BarycenterStart>())
        {
            DbaOptions options = new() { Device = engine.Device, Missing = MissingSamples.Skip, Start = start };
            BarycenterResult<T> result = Barycenter.Dba(members, options);
            Assert.That(result.Series.All(T.IsFinite), $"{start}");
            Assert.That(result.SkippedValues, Is.EqualTo(members.Sum(member => MissingCases.Count(WarpingSeries.Steps(member)))));
            for (int i = 1; i < result.Costs.Count; i++) Assert.That(result.Costs[i], Is.LessThanOrEqualTo(result.Costs[i - 1] * (1 + (100 * s_epsilon))), $"{start}, iteration {i}");
            Assert.That(SoftCases.Array(Dtw.Distances([result.Series], members, distance)).Cast<double>().Average(), Is.EqualTo(result.Cost).Within(1e3 * s_epsilon), $"{start}");
        }

        BarycenterResult<T> subgradient = Barycenter.Dba(members, new() { Device = engine.Device, Missing = MissingSamples.Skip, Method = DbaMethod.Subgradient });
        Assert.That(subgradient.Cost, Is.LessThan(subgradient.Costs[0]));
        Assert.That(subgradient.Series.All(T.IsFinite));
    }

    [Test]
    public void The_gradient_vanishes_at_a_soft_barycentre_of_members_with_gaps()
    {
        List<Tensor<T>> members = [.. Enumerable.Range(0, 4).Select(i => SoftCases.Tensor<T>(MissingCases.Holed(SoftCases.Walk<T>(18 + i, 2, i), i)))];
        SoftBarycenterOptions options = new() { Device = engine.Device, Gamma = Gamma, Iterations = 300, Tolerance = 1e-10, Missing = MissingSamples.Skip };
        Tensor<T> mean = Barycenter.Soft(members, options).Series;
        double[,] sum = new double[(int)mean.Lengths[0], 2];
        foreach (Tensor<T> member in members)
        {
            double[][] points = WarpingSeries.Steps(mean), samples = WarpingSeries.Steps(member);
            double[,] gradient = MissingCases.Gradient(points, samples, WarpingReference.ExpectedAlignment(MissingCases.Costs(points, samples), Gamma, WarpingWindow.None));
            for (int i = 0; i < sum.Length; i++) sum[i / 2, i % 2] += gradient[i / 2, i % 2] / members.Count;
        }

        Assert.That(sum.Cast<double>().Max(Math.Abs), Is.LessThan(1e-3));
    }

    [Test]
    public void Members_that_propagate_or_say_nothing_are_told()
    {
        Tensor<T> x = SoftCases.Tensor<T>(s_x), whole = SoftCases.Tensor<T>(SoftCases.Walk<T>(9, 2, 5));
        BarycenterResult<T> spread = Barycenter.Dba([whole, x], new() { Device = engine.Device, Missing = MissingSamples.Propagate });
        Assert.That(spread.Series.All(T.IsNaN) && double.IsNaN(spread.Cost) && !spread.Converged);
        Assert.That(spread.Series.Lengths.ToArray(), Is.EqualTo(new nint[] { 33, 2 }));
        Assert.That(Barycenter.Soft([whole, x], new() { Device = engine.Device, Missing = MissingSamples.Propagate }).Series.All(T.IsNaN));
        BarycenterResult<T> without = Barycenter.Dba([whole, x], new() { Device = engine.Device, Missing = MissingSamples.Propagate, Weights = [1, 0], Length = 9 });
        SoftCases.Near(without.Series, SoftCases.Array(whole), 8 * s_epsilon, "a member without weight");
        Tensor<T> silent = Tensor.Create<T>([T.One, T.NaN, T.One, T.NaN], [2, 2]);
        Assert.That(
            () => Barycenter.Dba([silent, silent], new() { Device = engine.Device, Missing = MissingSamples.Skip }), Throws.ArgumentException.With.Message.Contains("all samples of channel 1 are missing"));
        Assert.That(
            () => Barycenter.Medoid([whole, x], new() { Device = engine.Device, Missing = MissingSamples.Propagate }), Throws.InvalidOperationException.With.Message.Contains("no member has a finite sum"));
    }

    [Test]
    public void Windows_with_samples_that_propagate_are_no_matches()
    {
        Random random = new(7);
        T[] query = SearchCases.Walk<T>(random, 20), stream = SearchCases.Walk<T>(random, 400), broken = [.. stream];
        broken[150] = T.NaN;
        broken[260] = T.PositiveInfinity;
        DtwSearchOptions options = new() { Device = engine.Device, Count = 5, Exclusion = 1, Window = WarpingWindow.Radius(3), Missing = MissingSamples.Propagate };
        double[] all = SearchCases.Distances(query, stream, options);
        foreach (int place in (int[])[150, 260]) all.AsSpan(place - 19, 20).Fill(double.PositiveInfinity);
        DtwSearchResult<T> found = DtwSearch.Find<T>(query, broken, options);
        Assert.That(found.Matches.Select(match => match.Position), Is.EqualTo(SearchCases.Matches(all, 5, 1)));
        Assert.That(found.Ledger.Windows, Is.EqualTo(381 - 40));
        Assert.That(DtwSearch.Find<T>(query, stream, options).Matches, Is.EqualTo(DtwSearch.Find<T>(query, stream, options with { Missing = MissingSamples.Reject }).Matches), "whole streams take the cascade");
        query[3] = T.NaN;
        Assert.That(DtwSearch.Find<T>(query, stream, options).Matches, Is.Empty);
        Assert.That(() => DtwSearch.Find<T>(query, stream, options with { Missing = MissingSamples.Reject }), Throws.ArgumentException.With.Message.Contains("query, sample 3"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_search_skips_missing_samples_and_counts_them(bool normalizes)
    {
        Random random = new(8);
        double[][] query = MissingCases.Holed([.. SearchCases.Walk<T>(random, 24).Select(value => new[] { double.CreateChecked(value) })], 1);
        double[][] stream = MissingCases.Holed([.. SearchCases.Walk<T>(random, 300).Select(value => new[] { double.CreateChecked(value) })], 2);
        long skipped = 0;
        DtwSearchOptions options = new()
        {
            Device = engine.Device,
            Count = 4,
            Exclusion = 6,
            Window = WarpingWindow.Radius(2),
            ZNormalize = normalizes,
            Missing = MissingSamples.Skip,
            Report = report => skipped = report.SkippedValues,
        };
        DtwSearchResult<T> found = DtwSearch.Find(SoftCases.Tensor<T>(query), SoftCases.Tensor<T>(stream), options);
        MissingCases.RequireMatches(found, MissingCases.Distances(query, stream, options), options, 64 * 24 * s_epsilon);
        Assert.That(skipped, Is.EqualTo(MissingCases.Count(query) + MissingCases.Count(stream)));
    }
}
