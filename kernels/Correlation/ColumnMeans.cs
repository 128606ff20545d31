using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Means of columns, in float64.</summary>
internal static unsafe class ColumnMeans
{
    /// <summary>The means of a chunk; zeros of no rows.</summary>
    public static double[] Of(DenseMatrix rows)
    {
        double[] means = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = rows.Row(i);
            for (int j = 0; j < means.Length; j++) means[j] += row[j] / rows.Rows;
        }

        return means;
    }

    /// <summary>The means over the rows that are there, summed around the first of them; zeros of no rows.</summary>
    /// <param name="view">rows x columns; what stands in absent rows is not read.</param>
    /// <param name="present">Which rows are there; empty for all.</param>
    /// <param name="name">What to call the view in messages.</param>
    /// <exception cref="ArgumentException">An element of a row that is there is not finite; its place is named.</exception>
    public static double[] Of<T>(MatrixRef<T> view, ReadOnlySpan<bool> present, string name)
        where T : unmanaged
    {
        double[] means = new double[view.Columns], centre = new double[view.Columns];
        long rows = 0;
        fixed (T* values = view)
        {
            for (int i = 0; i < view.Rows; i++)
            {
                if (!present.IsEmpty && !present[i]) continue;
                T* row = values + (i * view.RowStride);
                for (int j = 0; j < means.Length; j++)
                {
                    double value = Element.ToDouble(row[j * view.ColumnStride]);
                    if (!double.IsFinite(value)) throw new ArgumentException($"{name}[{i}, {j}] is not a finite number: remove the row, or mark the view absent in it");
                    if (rows == 0) centre[j] = value;
                    means[j] += value - centre[j];
                }

                rows++;
            }
        }

        for (int j = 0; j < means.Length && rows > 0; j++) means[j] = centre[j] + (means[j] / rows);
        return means;
    }
}
