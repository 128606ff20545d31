using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Paths on devices against the host's, which are traced from the definition's table.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class DevicePathTests(TestEngine source)
{
    private static IEnumerable<WarpingProblem> Problems =>
    [
        new() { Finish = WarpingFinish.Root },
        new() { Window = WarpingWindow.Radius(3), Cost = PointCost.Absolute },
        new() { Window = WarpingWindow.Slanted(4), Ends = WarpingEnds.Subsequence },
        new() { Ends = WarpingEnds.Relaxed(2), Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.Symmetric2, Ends = new(1, 3, 2, 0) },
        new() { Recurrence = WarpingRecurrence.Symmetric2, Window = WarpingWindow.Itakura(2) },
        new() { Recurrence = WarpingRecurrence.Symmetric2, Ends = WarpingEnds.Relaxed(int.MaxValue) },
        new() { Recurrence = WarpingRecurrence.Amerced, A = 0.3, Window = WarpingWindow.Fraction(0.3) },
        new() { Recurrence = WarpingRecurrence.Frechet, Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.05 },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.1, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.MoveSplitMerge, A = 0.4, Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.Edit, A = 0.51, Cost = PointCost.Euclidean },
        Pattern("asymmetric", WarpingWindow.None, WarpingEnds.Relaxed(int.MaxValue)),
        Pattern("symmetricP05", WarpingWindow.None, WarpingEnds.Subsequence),
        Pattern("typeIIIc", WarpingWindow.Radius(12), new(1, 3, 2, 0)),
        Pattern("mori2006", WarpingWindow.None, WarpingEnds.OpenEnd),
        Pattern("rj4c", WarpingWindow.Itakura(3), WarpingEnds.Relaxed(4)),
        Pattern("mvm4", WarpingWindow.None, WarpingEnds.OpenBegin),
    ];

    private static WarpingProblem Pattern(string name, WarpingWindow window, WarpingEnds ends) =>
        new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.ByName(name), Window = window, Ends = ends };

    [Test]
    public void A_path_is_the_hosts_and_its_end_the_last_cell_and_the_distance([Range(0, 18)] int number)
    {
        WarpingProblem problem = Problems.ElementAt(number);

        // Values of a few eighths, so that sums are exact and ties are many.
        SeriesPack<double> x = Coarse([17, 1, 6], 1), y = Coarse([40, 18, 1, 5], 2);
        int columns = y.Count;
        using ComputeDevice host = ComputeDevice.Open("host");
        WarpingAlignment<double>?[] actual = Kernels.Warping.Warping.Alignments(source.Shared, problem, x, y, DeviceWarpingAssert.Settings);
        WarpingAlignment<double>?[] expected = Kernels.Warping.Warping.Alignments(host.Engine, problem, x, y, DeviceWarpingAssert.Settings);
        for (int pair = 0; pair < actual.Length; pair++)
        {
            string what = $"{DeviceWarpingCases.NameOf(problem)}, {x.Lengths[pair / columns]} x {y.Lengths[pair % columns]}";
            Assert.That(actual[pair] is null, Is.EqualTo(expected[pair] is null), what);
            if (actual[pair] is not { } found) continue;
            Assert.That(found.EndValue, Is.EqualTo(expected[pair]!.EndValue).Within(1e-12), what);
            Assert.That(found.X, Is.EqualTo(expected[pair]!.X), what);
            Assert.That(found.Y, Is.EqualTo(expected[pair]!.Y), what);
            Assert.That(Kernels.Warping.Warping.Distance(source.Shared, problem, x, pair / columns, y, pair % columns, DeviceWarpingAssert.Settings), Is.EqualTo(found.Distance), what);
        }
    }

    [TestCase("symmetric1", 3)]
    [TestCase("symmetric2", 1)]
    [TestCase("rigid skips", 2)]
    public void Blocks_of_a_long_pair_are_computed_again_and_give_the_same_path(string name, int channels)
    {
        // Where a team is a warp of 32 a strip has 512 columns, so that one thread a pair is what makes blocks of short series.
        WarpingRecurrence recurrence = name switch
        {
            "symmetric1" => WarpingRecurrence.Symmetric1,
            "symmetric2" => WarpingRecurrence.Symmetric2,
            _ => WarpingRecurrence.Pattern,
        };
        StepPattern steps = new(name, [new(1, 1, [new(0, 0, 1)]), new(1, 2, [new(0, 1, 0.5), new(0, 0, 1)]), new(7, 4, [new(3, 2, 0), new(0, 0, 0.25)]), new(0, 3, [new(0, 0, 2)])]);
        WarpingProblem problem = new() { Recurrence = recurrence, Pattern = recurrence == WarpingRecurrence.Pattern ? steps : null, Window = WarpingWindow.Radius(40) };
        SeriesPack<float> x = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([50], channels, 3)), y = DeviceWarpingAssert.Pack<float>(DeviceWarpingAssert.Series([90], channels, 4));
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        ExecutionTrace whole = new("Test"), tight = new("Test");
        WarpingAlignment<float> expected = Align(whole);
        Assert.That(whole.Tiling, Does.Contain("whole tables"));

        for (int k = 1; ; k++)
        {
            tight = new("Test");
            engine.Faults = new(FaultPoint.Allocation, k, FaultKind.OutOfMemory);
            try
            {
                WarpingAlignment<float> actual = Align(tight);
                Assert.That((actual.EndValue, string.Join(' ', actual.X), string.Join(' ', actual.Y)), Is.EqualTo((expected.EndValue, string.Join(' ', expected.X), string.Join(' ', expected.Y))));
                if (!engine.Faults.HasFired) break;
                Assert.That(tight.Retries, Is.EqualTo(1));
                if (recurrence == WarpingRecurrence.Pattern) Assert.That(tight.Tiling, Does.Contain("2 blocks of 40 rows"));
                else if (!engine.SupportsWarpShuffles) Assert.That(tight.Tiling, Does.Contain("blocks of 16 columns"));
            }
            catch (DeviceOutOfMemoryException)
            {
                Assert.That(tight.Retries, Is.Zero);
            }

            Assert.That(engine.LiveBuffers, Is.Zero);
        }

        WarpingAlignment<float> Align(ExecutionTrace trace) =>
            Kernels.Warping.Warping.Align(engine, problem, x, 0, y, 0, DeviceWarpingAssert.Settings with { Trace = trace });
    }

    [Test]
    public void Given_costs_and_subsequences_have_paths()
    {
        DtwOptions host = new(), device = new() { Device = source.Device };
        Tensor<float> x = Tensor.Create([1f, 2, 1], [3]), y = Tensor.Create([0f, 1, 2, 1, 0, 0, 1, 3, 1, 0, 1, 2, 1], [13]);
        Tensor<float> costs = Tensor.Create(Enumerable.Range(0, 20).Select(i => (float)((i * 7) % 5)).ToArray(), [4, 5]);
        Assert.That(Dtw.AlignCosts(costs, device).Path, Is.EqualTo(Dtw.AlignCosts(costs, host).Path));
        foreach (StepPattern? step in new[] { null, StepPattern.ByName("asymmetric") })
        {
            Assert.That(
                Dtw.Subsequences(x, y, 3, device with { Step = step ?? device.Step }).Select(match => (match.Begin, match.End, match.Distance)),
                Is.EqualTo(Dtw.Subsequences(x, y, 3, host with { Step = step ?? host.Step }).Select(match => (match.Begin, match.End, match.Distance))));
        }
    }

    [Test]
    public void Impossible_paths_are_told()
    {
        float[] x = [1, 2, 3], y = [1, 2, 3, 4, 5, 6, 7];
        Assert.That(
            () => Dtw.Align<float>(x, y, new() { Device = source.Device, Step = StepPattern.Asymmetric }),
            Throws.InvalidOperationException.With.Message.Contains("no path"));
        Assert.That(
            () => Dtw.Align<float>(x, y, new() { Device = source.Device, Window = WarpingWindow.Custom(new bool[3, 7]) }),
            Throws.InvalidOperationException.With.Message.Contains("no path"));
    }

    [Test]
    public void Barycentres_and_shapes_are_the_hosts()
    {
        List<Tensor<float>> members = [.. ((int[])[9, 12, 7]).Select((length, i) => SoftCases.Tensor<float>(SoftCases.Walk<float>(length, 2, i)))];
        DbaOptions options = new() { Length = 8, Weights = [1, 2, 0.5], Iterations = 5 };
        BarycenterResult<float> expected = Barycenter.Dba(members, options);
        BarycenterResult<float> actual = Barycenter.Dba(members, options with { Device = source.Device });
        SoftCases.Near(actual.Series, SoftCases.Array(expected.Series), 1e-5, "DBA");
        Assert.That(actual.Cost, Is.EqualTo(expected.Cost).Within(1e-5));
        ShapeDtwOptions shapes = new() { Reach = 2, Window = WarpingWindow.Radius(3) };
        SoftCases.Near(ElasticDistance.ShapeDtw(members, null, shapes with { Device = source.Device }), SoftCases.Array(ElasticDistance.ShapeDtw(members, null, shapes)), 1e-5, "shapes");
    }

    private static SeriesPack<double> Coarse(int[] lengths, int seed)
    {
        Random random = new(seed);
        SeriesPack<double> pack = new(lengths, 1);
        for (int i = 0; i < pack.Values.Length; i++) pack.Values[i] = random.Next(-4, 5) / 4.0;
        return pack;
    }
}
