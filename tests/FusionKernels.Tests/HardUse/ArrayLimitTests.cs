using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Results that no array of .NET holds: told like any want of memory, before anything is computed.</summary>
public sealed class ArrayLimitTests
{
    // 50 000 rows and as many columns are 2.5e9 elements, above the 2.1e9 of an array.
    private static readonly Tensor<float> s_column = Tensor.CreateFromShape<float>([50_000, 1]);

    [Test]
    public void Affinities_of_too_many_rows_are_refused() => Assert.That(
        () => SimilarityNetworkFusion.Affinity(s_column),
        Throws.InstanceOf<DeviceOutOfMemoryException>().With.Message.Contains("SimilarityNetworkFusion.Affinity").And.Message.Contains("an array of .NET"));

    [Test]
    public void Too_many_neighbours_are_refused() => Assert.That(
        () => Gram.Neighbours(s_column, Kernel.Linear(), 49_999),
        Throws.InstanceOf<DeviceOutOfMemoryException>().With.Message.Contains("an array of .NET"));

    [Test]
    public void Too_many_neighbours_of_series_are_refused()
    {
        Tensor<float> one = Tensor.CreateFromShape<float>([1]);
        Tensor<float>[] series = [.. Enumerable.Repeat(one, 50_000)];
        Assert.That(() => Dtw.Neighbours(series, 49_999), Throws.InstanceOf<DeviceOutOfMemoryException>().With.Message.Contains("an array of .NET"));
    }
}
