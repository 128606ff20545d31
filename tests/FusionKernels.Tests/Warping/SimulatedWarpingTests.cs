using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Teams of several threads, and the shuffles between them, on simulated devices with warps of 4, 16, 32 and 64; few and small.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.Simulated))]
[Parallelizable]
public sealed class SimulatedWarpingTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Steps as far back as the least columns of a thread, within a row, and over rows.</summary>
    private static readonly StepPattern s_leaping = new(
        "leaping",
        [new(1, 1, [new(0, 0, 1)]), new(0, 5, [new(0, 3, 0.5), new(0, 0, 1)]), new(4, 5, [new(2, 2, 0), new(0, 0, 0.25)]), new(2, 0, [new(1, 0, 1), new(0, 0, 2)])]);

    private static readonly WarpingProblem[] s_problems =
    [
        new() { Finish = WarpingFinish.Root },
        new() { Window = WarpingWindow.Radius(3), Ends = WarpingEnds.Subsequence },
        new() { Recurrence = WarpingRecurrence.Symmetric2, Cost = PointCost.Absolute, Ends = new(1, 2, 17, 3) },
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.05 },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.1, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.MoveSplitMerge, A = 0.4, Cost = PointCost.Absolute, Window = WarpingWindow.Itakura(3) },
        new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Asymmetric },
        new() { Recurrence = WarpingRecurrence.Pattern, Pattern = s_leaping, Ends = WarpingEnds.Subsequence, Window = WarpingWindow.Slanted(30) },
    ];

    [Test]
    public void Strips_and_teams_of_every_width_agree([Range(0, 7)] int problem)
    {
        // Two strips for a team of 4; both lengths on either side.
        double[][][] x = DeviceWarpingAssert.Series([3, 18], 1, 1), y = DeviceWarpingAssert.Series([70, 17, 1], 1, 2);
        DeviceWarpingAssert.Agree<T>(engine.Shared, s_problems[problem], x, y);
    }

    [Test]
    public void One_wide_pair_takes_a_whole_warp_and_several_strips()
    {
        double[][][] x = DeviceWarpingAssert.Series([5], 1, 3), y = DeviceWarpingAssert.Series([(16 * ((AcceleratorEngine)engine.Shared).WarpSize) + 20], 1, 4);
        DeviceWarpingAssert.Agree<T>(engine.Shared, new(), x, y);
        DeviceWarpingAssert.Agree<T>(engine.Shared, new() { Window = WarpingWindow.Slanted(20) }, x, y);
    }

    [Test]
    public void Paths_by_steps_of_ones_own_are_the_hosts_where_threads_share_a_pair()
    {
        WarpingProblem problem = new() { Recurrence = WarpingRecurrence.Pattern, Pattern = s_leaping, Ends = WarpingEnds.Relaxed(3) };
        SeriesPack<T> x = DeviceWarpingAssert.Pack<T>(DeviceWarpingAssert.Series([11, 4], 2, 6)), y = DeviceWarpingAssert.Pack<T>(DeviceWarpingAssert.Series([29, 13], 2, 7));
        using ComputeDevice host = ComputeDevice.Open("host");
        WarpingAlignment<T>?[] actual = Kernels.Warping.Warping.Alignments(engine.Shared, problem, x, y, DeviceWarpingAssert.Settings);
        WarpingAlignment<T>?[] expected = Kernels.Warping.Warping.Alignments(host.Engine, problem, x, y, DeviceWarpingAssert.Settings);
        Assert.That(actual.Select(one => one?.X), Is.EqualTo(expected.Select(one => one?.X)));
        Assert.That(actual.Select(one => one?.Y), Is.EqualTo(expected.Select(one => one?.Y)));
        Assert.That(actual, Has.Some.Not.Null);
    }

    [Test]
    public void A_set_against_itself_is_computed_once_and_mirrored() =>
        DeviceWarpingAssert.Agree<T>(engine.Shared, new(), DeviceWarpingAssert.Series([17, 3, 9], 1, 5), null);
}
