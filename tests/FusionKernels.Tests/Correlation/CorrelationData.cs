using System.Numerics;
using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Inputs of correlation tests.</summary>
internal static class CorrelationData
{
    /// <summary>Two views that share some factors, each column in units of its own.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="p">Columns of the first.</param>
    /// <param name="q">Columns of the second.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="noise">Standard deviation of what is not shared, against factors of 1.</param>
    public static (double[,] X, double[,] Y) Views(int rows, int p, int q, int seed, double noise = 1)
    {
        Random random = new(seed);
        int factors = Math.Max(1, Math.Min(p, q) / 2);
        double[,] a = Normal(random, factors, p), b = Normal(random, factors, q), z = Normal(random, rows, factors);
        return (Mix(z, a, random, noise), Mix(z, b, random, noise));
    }

    /// <summary>Standard normal numbers.</summary>
    public static double[,] Normal(Random random, int rows, int columns)
    {
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i, j] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }

    /// <summary>A dense tensor.</summary>
    public static Tensor<T> Tensor<T>(double[,] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Grams.GramAssert.Tensor<T>(values);

    /// <summary>A column of a matrix, or of a tensor.</summary>
    public static double[] Column<T>(Tensor<T> values, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, (int)values.Lengths[0]).Select(i => double.CreateChecked(values[i, column]))];

    /// <summary>Pearson's correlation.</summary>
    public static double Pearson(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average(), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }

        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Fails unless every element agrees.</summary>
    public static void Near<T>(Tensor<T> actual, Tensor<T> expected, double within)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Assert.That(Grams.GramAssert.Array(actual), Is.EqualTo(Grams.GramAssert.Array(expected)).AsCollection.Within(within));

    /// <summary>A copy with every element changed.</summary>
    public static double[,] Changed(double[,] values, Func<int, int, double, double> change)
    {
        double[,] result = new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++) result[i, j] = change(i, j, values[i, j]);
        }

        return result;
    }

    /// <summary>Some columns, in an order.</summary>
    public static double[,] Columns(double[,] values, params int[] columns)
    {
        double[,] result = new double[values.GetLength(0), columns.Length];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < columns.Length; j++) result[i, j] = values[i, columns[j]];
        }

        return result;
    }

    /// <summary>Some rows.</summary>
    public static double[,] RowRange(double[,] values, int first, int count)
    {
        double[,] result = new double[count, values.GetLength(1)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < result.GetLength(1); j++) result[i, j] = values[first + i, j];
        }

        return result;
    }

    private static double[,] Mix(double[,] factors, double[,] map, Random random, double noise)
    {
        double[,] result = Normal(random, factors.GetLength(0), map.GetLength(1));
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++)
            {
                result[i, j] *= noise;
                for (int k = 0; k < factors.GetLength(1); k++) result[i, j] += factors[i, k] * map[k, j];
            }
        }

        return result;
    }
}
