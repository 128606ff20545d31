using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>The sums of regularised transport on every accelerator, against the host's, which has tests of its own; few passes, since simulated ones take their time.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Category("Slow")]
[Parallelizable]
public sealed class SimulatedSinkhornTests(TestEngine engine)
{
    private static readonly SinkhornOptions s_few = new() { MaximumIterations = 2, ColumnWeights = [0.5, 0, 0.5] };

    [Test]
    public void Potentials_are_those_of_the_host()
    {
        Tensor<float> a = GramAssert.Tensor<float>(GramAssert.Rows<float>(3, 2, 1)), b = GramAssert.Tensor<float>(GramAssert.Rows<float>(3, 2, 2));
        using ComputeDevice host = ComputeDevice.Open("host");
        SinkhornPotentials expected = Sinkhorn.TransportBetween(a, b, SimilarityMetric.Cosine, 1, s_few with { Device = host });
        SinkhornPotentials actual = Sinkhorn.TransportBetween(a, b, SimilarityMetric.Cosine, 1, s_few with { Device = engine.Device });
        Assert.That(actual.Rows, Is.EqualTo(expected.Rows).Within(1e-5));
        Assert.That(actual.Columns, Is.EqualTo(expected.Columns).Within(1e-5));
        Assert.That(actual.RowError, Is.EqualTo(expected.RowError).Within(1e-5));
    }
}
