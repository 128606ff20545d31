using System.Numerics.Tensors;
using FusionKernels.Kernels.Moving;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Movings;

/// <summary>The device kernels on the simulation, one small set of series for each.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed class SimulatedMovingTests(TestEngine engine)
{
    [Test]
    public void Deviations_are_those_of_the_definition()
    {
        double[] values = MovingTests.Values(2 * 11, seed: 6);
        Tensor<float> found = MovingStatistics.Compute(
            Tensor.Create(Array.ConvertAll(values, value => (float)value), [2, 11]), 4, MovingStatistic.Deviation, new() { Device = engine.Device });
        for (int i = 0; i < 16; i++)
        {
            Assert.That(found[i / 8, i % 8], Is.EqualTo(MovingReference.Deviation(values.AsSpan((i / 8 * 11) + (i % 8), 4))).Within(Tolerances.Moving<float>(4)), $"{i}");
        }
    }
}
