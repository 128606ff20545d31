using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Cli;

/// <summary>The plain float64 computation that every engine is compared with.</summary>
internal static class ReferenceGram
{
    /// <summary>The symmetric Gram matrix of the rows of x.</summary>
    public static double[,] Of<T>(Kernel kernel, Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] rows = Widen(x, Enumerable.Range(0, (int)x.Lengths[0]));
        return GramReference.Compute(kernel.Compile(rows.GetLength(1)).Program, rows, rows);
    }

    /// <summary>The Gram matrix of the rows of x against the rows of y.</summary>
    public static double[,] Of<T>(Kernel kernel, Tensor<T> x, Tensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(kernel, x, [.. Enumerable.Range(0, (int)x.Lengths[0])], y);

    /// <summary>Some rows of the Gram matrix of x against y.</summary>
    public static double[,] Of<T>(Kernel kernel, Tensor<T> x, IReadOnlyList<int> sample, Tensor<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] rows = Widen(x, sample), columns = Widen(y, Enumerable.Range(0, (int)y.Lengths[0]));
        return GramReference.Compute(kernel.Compile(rows.GetLength(1)).Program, rows, columns);
    }

    /// <summary>The largest difference, relative to the largest value of the reference; NaN where a value is.</summary>
    public static double Deviation<T>(Tensor<T> values, double[,] reference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Deviation(values, [.. Enumerable.Range(0, reference.GetLength(0))], reference);

    /// <summary>The same for some rows of the values.</summary>
    public static double Deviation<T>(Tensor<T> values, IReadOnlyList<int> sample, double[,] reference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double worst = 0, largest = 0;
        for (int i = 0; i < sample.Count; i++)
        {
            for (int j = 0; j < reference.GetLength(1); j++)
            {
                double difference = Math.Abs(double.CreateChecked(values[sample[i], j]) - reference[i, j]);
                if (double.IsNaN(difference)) return double.NaN;
                worst = Math.Max(worst, difference);
                largest = Math.Max(largest, Math.Abs(reference[i, j]));
            }
        }

        return worst == 0 ? 0 : worst / largest;
    }

    private static double[,] Widen<T>(Tensor<T> matrix, IEnumerable<int> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] chosen = [.. rows];
        double[,] wide = new double[chosen.Length, matrix.Lengths[1]];
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int k = 0; k < wide.GetLength(1); k++) wide[i, k] = double.CreateChecked(matrix[chosen[i], k]);
        }

        return wide;
    }
}
