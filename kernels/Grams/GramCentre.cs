using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Centring of a Gram matrix that is already there, in host memory; sums and differences in float64.</summary>
internal static unsafe class GramCentre
{
    /// <summary>The mean of every row; 0 for rows of nothing.</summary>
    public static double[] RowMeans<T>(MatrixRef<T> gram)
        where T : unmanaged
    {
        double[] means = new double[gram.Rows];
        fixed (T* values = gram)
        {
            for (int i = 0; i < means.Length && gram.Columns > 0; i++)
            {
                T* row = values + (i * gram.RowStride);
                double sum = 0;
                for (int j = 0; j < gram.Columns; j++) sum += Element.ToDouble(row[j * gram.ColumnStride]);
                means[i] = sum / gram.Columns;
            }
        }

        return means;
    }

    /// <summary>value(i, j) -= rowMeans(i) + columnMeans(j) - mean; in this order row and column change places without changing a bit.</summary>
    public static void Apply<T>(MatrixRef<T> gram, ReadOnlySpan<double> rowMeans, ReadOnlySpan<double> columnMeans, double mean)
        where T : unmanaged
    {
        fixed (T* values = gram)
        {
            for (int i = 0; i < rowMeans.Length; i++)
            {
                T* row = values + (i * gram.RowStride);
                for (int j = 0; j < columnMeans.Length; j++)
                {
                    T* value = row + (j * gram.ColumnStride);
                    *value = Element.Of<T>(Element.ToDouble(*value) - ((rowMeans[i] + columnMeans[j]) - mean));
                }
            }
        }
    }
}
