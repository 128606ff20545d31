using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Accelerators without room for a Gram computation do it in smaller blocks and tiles, tell so, or say what was too big.</summary>
/// <remarks>One simulated warp is enough: memory does not depend on it.</remarks>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.OneWarpOfEach))]
[Parallelizable]
public sealed class GramMemoryTests(TestEngine engine)
{
    [Test]
    public void Want_of_memory_at_any_allocation_shrinks_the_tiles_or_is_told([ValueSource(nameof(Names))] string operation) => GramMemory.Sweep(engine, operation);

    [Test]
    public void What_never_fits_names_the_smallest_tile()
    {
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        using ComputeDevice device = ComputeDevice.Over(own);
        own.MemoryLimit = 150_000;
        Tensor<float> x = GramMemory.Rows(200, 3);
        Assert.That(
            () => Gram.Multiply(x, GramMemory.Composed, GramMemory.Rows(200, 1), new() { Device = device }),
            Throws.InstanceOf<DeviceOutOfMemoryException>().With.Property("SmallestTile").EqualTo("64 x 64"));
        Assert.That(
            () => Gram.Compute(x, GramMemory.Composed, new() { Device = device }),
            Throws.InstanceOf<DeviceOutOfMemoryException>().With.Property("SmallestTile").EqualTo("64 x 200"));
        Assert.That(own.LiveBuffers, Is.Zero);
    }

    private static IEnumerable<string> Names => GramMemory.Quick;
}
