using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Grams;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Matrices on which factorisations are tried.</summary>
internal static class FactorMatrices
{
    /// <summary>Values between -1 and 1.</summary>
    public static Tensor<T> Random<T>(int rows, int columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, columns, seed));

    /// <summary>B Bᵀ + size I, symmetric to the last bit.</summary>
    public static Tensor<T> PositiveDefinite<T>(int size, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] root = GramAssert.Rows<double>(size, size, seed), matrix = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = i == j ? size : 0;
                for (int k = 0; k < size; k++) sum += root[i, k] * root[j, k];
                matrix[i, j] = matrix[j, i] = sum;
            }
        }

        return GramAssert.Tensor<T>(matrix);
    }

    /// <summary>The elements times a function of their place.</summary>
    public static Tensor<T> Scaled<T>(Tensor<T> a, Func<int, int, double> factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] values = GramAssert.Array(a);
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++) values[i, j] *= factor(i, j);
        }

        return GramAssert.Tensor<T>(values);
    }

    /// <summary>The same values in float64.</summary>
    public static DenseMatrix Dense<T>(Tensor<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] values = GramAssert.Array(a);
        return new(values.GetLength(0), values.GetLength(1), [.. values.Cast<double>()]);
    }
}
