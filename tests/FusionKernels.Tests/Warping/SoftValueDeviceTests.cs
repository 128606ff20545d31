using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Values of soft alignments on accelerators, where cells are logarithms, against the definition in float64.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.EnginesOfEachElement))]
[Parallelizable]
public sealed class SoftValueDeviceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] s_rows = [1, 7, 20], s_columns = [5, 18];

    [TestCase(1e-3)]
    [TestCase(0.5)]
    [TestCase(1e3)]
    public void Values_are_those_of_the_definition_for_every_smoothing(double gamma)
    {
        double[][][] x = [.. s_rows.Select((length, i) => SoftCases.Walk<T>(length, 2, i))], y = [.. s_columns.Select((length, i) => SoftCases.Walk<T>(length, 2, 10 + i))];
        Tensor<T> values = SoftDtw.Distances<T>([.. x.Select(SoftCases.Tensor<T>)], [.. y.Select(SoftCases.Tensor<T>)], new() { Device = engine.Device, Gamma = gamma });
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
            {
                double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x[i], y[j]);
                double expected = WarpingReference.AccumulateSoft(costs, gamma, WarpingWindow.None)[x[i].Length - 1, y[j].Length - 1];
                double tolerance = Tolerances.SoftLogarithm<T>(x[i].Length + y[j].Length, 2, expected, gamma);
                Assert.That(double.CreateChecked(values[i, j]), Is.EqualTo(expected).Within(tolerance), $"{x[i].Length} x {y[j].Length}, gamma {gamma}");
            }
        }
    }
}
