using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Devices;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>
/// Groups that share a pair through shared memory, as on devices without shuffles: asked for on simulated devices and OpenCL CPUs,
/// whose plans would not choose them.
/// </summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.Grouped))]
[Parallelizable]
public sealed class GroupTeamTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AcceleratorEngine _engine = null!;

    [OneTimeSetUp]
    public void Open()
    {
        _engine = (AcceleratorEngine)engine.Open();
        (_engine.SupportsWarpShuffles, _engine.HasCheapBarriers) = (false, true);
    }

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void Few_pairs_are_shared_and_agree([Range(0, 2)] int problem)
    {
        // One rule: a driver for CPUs takes half a minute to compile loops with barriers.
        WarpingProblem[] problems =
        [
            new() { Finish = WarpingFinish.Root },
            new() { Window = WarpingWindow.Slanted(9) },
            new() { Ends = WarpingEnds.Subsequence, Cost = PointCost.Absolute },
        ];
        DeviceWarpingAssert.Agree<T>(_engine, problems[problem], DeviceWarpingAssert.Series([9], 1, 1), DeviceWarpingAssert.Series([83], 1, 2));
    }

    [Test]
    public void Step_patterns_are_shared_and_agree()
    {
        if (engine.Kind == DeviceKind.OpenCL) Assert.Ignore("Compiling loops with barriers takes a driver for CPUs half a minute.");
        WarpingProblem problem = new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.ByName("symmetricP2") };
        DeviceWarpingAssert.Agree<T>(_engine, problem, DeviceWarpingAssert.Series([31], 1, 5), DeviceWarpingAssert.Series([43, 26], 1, 6));
    }

    [Test]
    public void Pairs_of_two_lengths_in_one_launch_leave_their_loops_together() => DeviceWarpingAssert.Agree<T>(
        _engine, new(), DeviceWarpingAssert.Series([12, 3], 2, 3), DeviceWarpingAssert.Series([40, 17], 2, 4));

    [TestCase(1, true)]
    [TestCase(100_000, false)]
    public void Few_pairs_take_groups_and_many_take_threads(int pairs, bool isShared)
    {
        WarpingLoad load = new() { Pairs = pairs, Rows = 1000, Columns = 1000, Parts = 1, FlopsPerCell = 7, BandWidth = 1000, ElementBytes = 4 };
        WarpingDevicePlan plan = WarpingDevicePlan.Choose(_engine, load, int.MaxValue);
        Assert.That(plan.Team, Is.EqualTo(isShared ? WarpingTeamKind.Group : WarpingTeamKind.Lone));
        Assert.That(plan.GroupSize % plan.Lanes, Is.Zero);
    }
}
