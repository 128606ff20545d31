using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>The public API of dynamic time warping on every engine but the simulated ones, whose kernels have tests of their own.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class DtwTests(TestEngine engine)
{
    private static readonly float[] s_x = [0, 1, 3, 2, 5], s_y = [0, 2, 3, 3, 4, 5];

    private DtwOptions Options => new() { Device = engine.Device };

    [Test]
    public void One_pair_costs_the_last_cell_of_its_table()
    {
        DtwOptions options = Options with { Root = false };
        Tensor<float> table = Dtw.CostMatrix<float>(s_x, s_y, options);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Dtw.Distance<float>(s_x, s_y, options), Is.EqualTo(3));
            Assert.That(table[4, 5], Is.EqualTo(3));
            Assert.That(table[0, 5], Is.EqualTo(63));
            Assert.That(Dtw.Distance<float>(s_x, s_y, Options), Is.EqualTo(MathF.Sqrt(3)));
            Assert.That(Dtw.Distance<float>(s_x, s_x, Options), Is.Zero);
        }
    }

    [Test]
    public void Costs_that_are_given_are_aligned_as_they_are()
    {
        Tensor<float> costs = Tensor.Create<float>([1, 5, 9, 2, 1, 4, 8, 3, 1], [3, 3]);
        Assert.That(Dtw.DistanceOfCosts(costs, Options), Is.EqualTo(3));
        Assert.That(Dtw.CostMatrixOfCosts(costs, Options).ToArray(), Is.EqualTo((float[])[1, 6, 15, 3, 2, 6, 11, 5, 3]));
        Assert.That(Dtw.CostMatrixOfCosts(costs, Options with { Window = WarpingWindow.Radius(0) })[0, 1], Is.EqualTo(float.PositiveInfinity));
        Assert.That(() => Dtw.DistanceOfCosts(Tensor.Create<float>([1, -1], [1, 2]), Options), Throws.ArgumentException.With.Message.Contains("costs[0, 1] is -1"));
    }

    [Test]
    public void Paths_are_traced_on_every_engine()
    {
        DtwAlignment<float> fit = Dtw.Align<float>(s_x, s_y, Options with { Step = StepPattern.Symmetric2 });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fit.Path[0], Is.EqualTo((0, 0)));
            Assert.That(fit.Path[^1], Is.EqualTo((4, 5)));
            Assert.That(fit.NormalizedDistance, Is.EqualTo(fit.Distance * fit.Distance / 11).Within(1e-6));
            Assert.That(() => Dtw.Align<float>(s_x, s_y, Options with { Step = StepPattern.Rigid }), Throws.InvalidOperationException.With.Message.Contains("no path"));
        }
    }

    /// <summary>Sums of multiples of 1/16 are exact.</summary>
    [Test]
    public void Wider_windows_never_cost_more()
    {
        Tensor<float>[] series = [.. ((int[])[1, 9, 17, 40, 33]).Select((length, i) => WarpingSeries.Tensor<float>(PairSeries.Walk(length, 2, i)))];
        foreach (Func<int, WarpingWindow> family in (Func<int, WarpingWindow>[])[WarpingWindow.Radius, width => WarpingWindow.Fraction(width / 40.0), width => WarpingWindow.Itakura(1 + (width / 4.0))])
        {
            Tensor<float>? narrower = null;
            foreach (int width in (int[])[0, 1, 4, 9, 40])
            {
                Tensor<float> distances = Dtw.Distances(series, Options with { Root = false, Window = family(width) });
                if (narrower is not null) Assert.That(distances.Zip(narrower).All(pair => pair.First <= pair.Second), $"{family(width)}");
                narrower = distances;
            }

            Assert.That(narrower!.Zip(Dtw.Distances(series, Options with { Root = false })).All(pair => pair.First >= pair.Second), "no window");
        }
    }

    [Test]
    public void Series_on_a_device_leave_their_distances_there()
    {
        using DeviceTensor<float> series = engine.Device.Upload(Tensor.Create<float>([0, 1, 3, 0, 2, 3, 5, 5, 1], [3, 3]));
        using DeviceTensor<float> some = engine.Device.Upload(Tensor.Create<float>([0, 2, 3], [1, 3]));
        using DeviceTensor<float> all = Dtw.Distances(series), few = Dtw.Distances(some, series, new() { Root = false });
        Tensor<float> expected = Dtw.Distances(series.Download(), Options);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Download().ToArray(), Is.EqualTo(expected.ToArray()));
            Assert.That(few.Download().ToArray(), Is.EqualTo((float[])[1, 0, 38]));
            Assert.That(all.Device, Is.SameAs(engine.Device));
        }
    }

    [Test]
    public void What_is_wrong_with_series_is_said_in_words()
    {
        Tensor<float> wide = Tensor.Create<float>([1, 2, 3, 4], [2, 2]), narrow = Tensor.Create<float>([1, 2], [2]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Dtw.Distance<float>([1, float.NaN], [1], Options), Throws.ArgumentException.With.Message.Contains("x, sample 1, is NaN"));
            Assert.That(() => Dtw.Distance<float>([1], [1, float.NegativeInfinity], Options), Throws.ArgumentException.With.Message.Contains("y, sample 1, is infinite"));
            Assert.That(() => Dtw.Distance<float>([], [1], Options), Throws.ArgumentException.With.Message.Contains("empty"));
            Assert.That(() => Dtw.Distance(wide, narrow, Options), Throws.ArgumentException.With.Message.Contains("'x' has 2 channels, 'y' has 1"));
            Assert.That(() => Dtw.Distances<float>([], Options), Throws.ArgumentException.With.Message.Contains("holds no series"));
            Assert.That(() => Dtw.Distance<float>([1], [1], Options with { Penalty = double.NaN }), Throws.ArgumentException.With.Message.Contains("Penalty"));
            Assert.That(
                () => Dtw.Distance(wide, wide, Options with { Cost = PointCost.Cosine, Missing = MissingSamples.Skip }), Throws.ArgumentException.With.Message.Contains("no channel can be skipped"));
        }
    }

    [Test]
    public void Skipped_samples_are_counted_in_the_report()
    {
        List<long> skipped = [];
        Tensor<float> x = Tensor.Create<float>([1, float.NaN, 3, float.NaN, 5, 6], [3, 2]), y = Tensor.Create<float>([1, 2, 3, float.NaN], [2, 2]);
        DtwOptions options = Options with { Missing = MissingSamples.Skip, Report = report => skipped.Add(report.SkippedValues) };
        Dtw.Distance(x, y, options);
        Dtw.Align(x, y, options);
        Dtw.Distances([x, y], options);
        Dtw.Neighbours([x], [y], 1, options);
        Dtw.Distance(x, x, options with { Missing = MissingSamples.Propagate });
        using DeviceTensor<float> resident = engine.Device.Upload(Tensor.Create<float>([1, float.NaN, 3, 4], [2, 2]));
        Dtw.Distances(resident, options).Dispose();
        Assert.That(skipped, Is.EqualTo((long[])[3, 3, 3, 3, 0, 1]));
        using DeviceTensor<float> infinite = engine.Device.Upload(Tensor.Create<float>([1, float.PositiveInfinity], [1, 2]));
        Assert.That(() => Dtw.Distances(infinite, options), Throws.ArgumentException.With.Message.Contains("series[0], sample 1, is infinite"));
    }

    [Test]
    public void Samples_that_are_not_finite_spread_or_are_skipped_on_request()
    {
        Tensor<float>[] series = [Tensor.Create<float>([1, 2, 3], [3]), Tensor.Create<float>([1, float.NaN, 3], [3]), Tensor.Create<float>([2, 2, 2], [3])];
        Tensor<float> spread = Dtw.Distances(series, Options with { Missing = MissingSamples.Propagate });
        Tensor<float> skipped = Dtw.Distances(series, Options with { Missing = MissingSamples.Skip });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(spread[0, 1], Is.NaN);
            Assert.That(spread[1, 1], Is.NaN);
            Assert.That(spread[0, 2], Is.EqualTo(MathF.Sqrt(2)));
            Assert.That(skipped[0, 1], Is.Zero);
            Assert.That(skipped[0, 2], Is.EqualTo(spread[0, 2]));
        }
    }
}

/// <summary>Distances that are written while they are computed.</summary>
[TestFixture]
public sealed class DtwFileTests
{
    private static readonly Tensor<float>[] s_series = [.. Enumerable.Range(0, 23).Select(i =>
        Tensor.Create(Enumerable.Range(0, 9 + (i * 7 % 13)).Select(t => MathF.Sin((0.4f * t) + i)).ToArray(), [9 + (i * 7 % 13)]))];

    private static DtwFileOptions Blocks => new() { BlockBytes = 4 * 23 * sizeof(float), Window = WarpingWindow.Radius(4) };

    /// <summary>Problems that cost other sums when x and y change places.</summary>
    private static IEnumerable<DtwFileOptions> OneWay =>
    [
        Blocks with { Window = WarpingWindow.None, Step = StepPattern.Asymmetric, Ends = WarpingEnds.OpenEnd },
        Blocks with { Window = WarpingWindow.None, Step = StepPattern.Mori2006 },
        Blocks with { Window = WarpingWindow.None, Ends = WarpingEnds.OpenEnd },
    ];

    [TestCaseSource(nameof(OneWay))]
    public void Distances_that_differ_by_direction_are_computed_both_ways(object problem)
    {
        DtwFileOptions options = (DtwFileOptions)problem;
        using TemporaryFolder folder = new();
        float[] expected = [.. s_series.SelectMany(x => s_series.Select(y => Distance(x, y)))];
        Dtw.DistancesTo(folder["d.npy"], s_series, options);
        Assert.That(Npy.Read<float>(folder["d.npy"]).ToArray(), Is.EqualTo(expected));
        Assert.That(Dtw.Distances(s_series, options).ToArray(), Is.EqualTo(expected));
        Assert.That(expected[1], Is.Not.EqualTo(expected[23]));

        float Distance(Tensor<float> x, Tensor<float> y) => Dtw.Distances([x], [y], options)[0, 0];
    }

    [Test]
    public void A_file_holds_what_memory_would()
    {
        using TemporaryFolder folder = new();
        MatrixFileSummary whole = Dtw.DistancesTo(folder["d.npy"], s_series, Blocks);
        Dtw.DistancesTo(folder["xy.npy"], s_series[..5], s_series, Blocks);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole, Is.EqualTo(new MatrixFileSummary(folder["d.npy"], 23, 23, 0, null)));
            Assert.That(Npy.Read<float>(folder["d.npy"]).ToArray(), Is.EqualTo(Dtw.Distances(s_series, Blocks).ToArray()));
            Assert.That(Npy.Read<float>(folder["xy.npy"]).ToArray(), Is.EqualTo(Dtw.Distances(s_series[..5], s_series, Blocks).ToArray()));
        }
    }

    [Test]
    public void An_interrupted_file_goes_on_where_it_stopped()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        List<double> reports = [];
        DtwFileOptions interrupted = Blocks with { Cancellation = stop.Token, Progress = new Stopper(reports, stop) };
        Assert.That(() => Dtw.DistancesTo(folder["d.npy"], s_series, interrupted), Throws.InstanceOf<OperationCanceledException>());
        MatrixFileSummary rest = Dtw.DistancesTo(folder["d.npy"], s_series, Blocks);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reports, Is.Ordered);
            Assert.That(rest.ResumedRows, Is.InRange(4, 20));
            Assert.That(Npy.Read<float>(folder["d.npy"]).ToArray(), Is.EqualTo(Dtw.Distances(s_series, Blocks).ToArray()));
        }
    }

    [Test]
    public void Other_work_begins_anew_and_says_so()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        Assert.That(() => Dtw.DistancesTo(folder["d.npy"], s_series, Blocks with { Cancellation = stop.Token, Progress = new Stopper([], stop) }), Throws.InstanceOf<OperationCanceledException>());
        MatrixFileSummary other = Dtw.DistancesTo(folder["d.npy"], s_series, Blocks with { Window = WarpingWindow.None });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(other.ResumedRows, Is.Zero);
            Assert.That(other.Discarded, Does.Contain("it was of"));
        }
    }

    /// <summary>Cancels when half is done.</summary>
    private sealed class Stopper(List<double> reports, CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value)
        {
            reports.Add(value);
            if (value > 0.5) stop.Cancel();
        }
    }
}
