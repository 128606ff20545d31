using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>The loss of every kind of device in the middle of operations that are quick to compile on each; <see cref="EntryPointFaultTests"/> has them all, on real devices.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed class DeviceLossTests(TestEngine source)
{
    [Test]
    public void It_is_told_at_any_launch_and_wait([Values("Softmax.Compute", "Gram.Diagonal", "SparseMatrix.Multiply")] string name) => DeviceLoss.IsTold(source, [PublicCalls.Named(name)]);
}
