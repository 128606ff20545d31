using FusionKernels.Kernels.Decompositions.Jacobi;
using FusionKernels.Kernels.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>Which route a decomposition takes on a device.</summary>
[TestFixture]
public sealed class JacobiPlanTests
{
    private static readonly DeviceLimits s_limits = new(1024, 48 * 1024, 80, 1e13);

    [TestCase(4, 64, true)]
    [TestCase(4, 65, false)]
    [TestCase(8, 48, true)]
    [TestCase(8, 49, false)]
    public void Matrices_that_a_group_has_room_for_are_one_groups(int bytes, int order, bool isSingle)
    {
        Assert.That(JacobiPlan.Eigen(s_limits, bytes, order, 1).IsSingle, Is.EqualTo(isSingle));
        Assert.That(JacobiPlan.SharedBytes(JacobiPlan.MostInGroup(s_limits, bytes), bytes), Is.LessThanOrEqualTo(48 * 1024));
    }

    [TestCase(16 * 1024, 4, 32)]
    [TestCase(16 * 1024, 8, 16)]
    public void Less_shared_memory_means_smaller_groups(int shared, int bytes, int most) =>
        Assert.That(JacobiPlan.MostInGroup(s_limits with { SharedMemoryPerGroup = shared }, bytes), Is.EqualTo(most));

    [TestCase(65)]
    [TestCase(100)]
    [TestCase(512)]
    public void Every_column_has_one_place_behind_the_padding(int order)
    {
        JacobiPlan plan = JacobiPlan.Eigen(s_limits, 4, order, 1);
        Assert.That(plan.Blocks % 2, Is.Zero);
        foreach (bool isReversed in (bool[])[false, true])
        {
            int[] places = [.. plan.Places(isReversed)];
            Assert.That(places, Is.Unique);
            Assert.That(places, Has.Length.EqualTo(order));
            Assert.That(places, Is.All.InRange(plan.BlockWidth, plan.WorkRows - plan.BlockWidth - 1));
        }
    }
}
