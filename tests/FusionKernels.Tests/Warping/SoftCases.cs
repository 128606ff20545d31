using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Inputs of tests of soft alignments and barycentres.</summary>
internal static class SoftCases
{
    /// <summary>A random walk, rounded to the element's precision: steps, each an array of channels.</summary>
    public static double[][] Walk<T>(int length, int channels, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        double[][] walk = new double[length][];
        for (int step = 0; step < length; step++)
        {
            walk[step] = new double[channels];
            for (int c = 0; c < channels; c++) walk[step][c] = (step == 0 ? 0 : 0.8 * walk[step - 1][c]) + random.NextDouble() - 0.5;
        }

        return Rounded<T>(walk);
    }

    /// <summary>The samples rounded to the element's precision.</summary>
    public static double[][] Rounded<T>(double[][] series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. series.Select(sample => sample.Select(value => double.CreateChecked(T.CreateChecked(value))).ToArray())];

    /// <summary>A series as a tensor: time, or time x channels where there are several.</summary>
    public static Tensor<T> Tensor<T>(double[][] series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = [.. series.SelectMany(sample => sample).Select(T.CreateChecked)];
        return System.Numerics.Tensors.Tensor.Create(values, series[0].Length == 1 ? [series.Length] : [series.Length, series[0].Length]);
    }

    /// <summary>One column.</summary>
    public static double[,] Column(params double[] values)
    {
        double[,] column = new double[values.Length, 1];
        for (int i = 0; i < values.Length; i++) column[i, 0] = values[i];
        return column;
    }

    /// <summary>The values of a series or a matrix.</summary>
    public static double[,] Array<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] flat = new T[tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        int columns = tensor.Rank == 1 ? 1 : (int)tensor.Lengths[1];
        double[,] values = new double[flat.Length / columns, columns];
        for (int i = 0; i < flat.Length; i++) values[i / columns, i % columns] = double.CreateChecked(flat[i]);
        return values;
    }

    /// <summary>Largest error of a soft value: cells of devices are logarithms.</summary>
    public static double Tolerance<T>(TestEngine engine, int steps, int channels, double value, double gamma) =>
        engine.Kind == DeviceKind.Host ? Tolerances.Soft<T>(steps, channels, value, gamma) : Tolerances.SoftLogarithm<T>(steps, channels, value, gamma);

    /// <summary>Fails unless all elements agree.</summary>
    public static void Near<T>(Tensor<T> actual, double[,] expected, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] values = Array(actual);
        Assert.That((values.GetLength(0), values.GetLength(1)), Is.EqualTo((expected.GetLength(0), expected.GetLength(1))), what);
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                if (!(Math.Abs(values[i, j] - expected[i, j]) <= tolerance)) Assert.Fail($"{what}: ({i}, {j}) is {values[i, j]:g17}, expected {expected[i, j]:g17} within {tolerance:g3}");
            }
        }
    }
}
