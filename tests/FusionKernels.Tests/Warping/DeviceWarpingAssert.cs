using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Sets of series for device kernels, and their distances against the definition.</summary>
internal static class DeviceWarpingAssert
{
    public static readonly RunSettings Settings = new("Test.Warping");

    /// <summary>Series of those lengths with smooth values that float32 holds exactly.</summary>
    public static double[][][] Series(int[] lengths, int channels, int seed)
    {
        Random random = new(seed);
        return [.. lengths.Select(length =>
        {
            double[] level = new double[channels];
            return Enumerable.Range(0, length).Select(_ =>
            {
                for (int c = 0; c < channels; c++) level[c] = Math.Round((0.7 * level[c]) + (2 * random.NextDouble()) - 1, 4);
                return level.Select(value => (double)(float)value).ToArray();
            }).ToArray();
        })];
    }

    /// <summary>The same, packed.</summary>
    public static SeriesPack<T> Pack<T>(double[][][] series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> pack = new([.. series.Select(one => one.Length)], series[0][0].Length);
        for (int i = 0; i < series.Length; i++)
        {
            for (int step = 0; step < series[i].Length; step++)
            {
                for (int c = 0; c < pack.Channels; c++) pack[i][(step * pack.Channels) + c] = T.CreateSaturating(series[i][step][c]);
            }
        }

        return pack;
    }

    /// <summary>Computes all pairs and compares each with the definition; y null for x against itself.</summary>
    public static void Agree<T>(Engine engine, WarpingProblem problem, double[][][] x, double[][][]? y, OperandLayout layout = OperandLayout.RowMajor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][][] columns = y ?? x;
        StridedMatrix<T> result = new(new double[x.Length, columns.Length], layout);
        Kernels.Warping.Warping.Distances(engine, problem, Pack<T>(x), y is null ? null : Pack<T>(y), result.Ref, Settings);
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                Agree<T>(problem, double.CreateChecked(result[i, j]), WarpingReference.Distance(problem, x[i], columns[j]), x[i], columns[j]);
            }
        }

        result.AssertGuardsIntact(DeviceWarpingCases.NameOf(problem));
    }

    /// <summary>Compares one value with the definition's.</summary>
    public static void Agree<T>(WarpingProblem problem, double actual, double expected, double[][] x, double[][] y)
    {
        string what = $"{DeviceWarpingCases.NameOf(problem)}, {x.Length} x {y.Length} of {x[0].Length} channels";
        if (!double.IsFinite(expected))
        {
            Assert.That(actual, Is.EqualTo(expected), what);
            return;
        }

        double tolerance = Tolerances.Warping<T>(x.Length + y.Length, x[0].Length, problem.Finish == WarpingFinish.Root) * (1 + Math.Abs(expected));
        Assert.That(actual, Is.EqualTo(expected).Within(tolerance), what);
    }
}
