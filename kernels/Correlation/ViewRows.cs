using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Rows of a view, widened, centred and weighted, on their way into a chunk; an absent row is zeros, whatever stands there.</summary>
internal static unsafe class ViewRows
{
    /// <summary>Bytes of a chunk of rows: a few times what the caches hold, so that its products run at full speed.</summary>
    private const int ChunkBytes = 8 << 20;

    /// <summary>Roundings of its mean up to which the deviation of a column is none.</summary>
    public const double ConstantUnits = 4;

    /// <summary>Rows of a chunk of so many columns.</summary>
    public static int ChunkRows(int columns) => Math.Max(64, ChunkBytes / sizeof(double) / Math.Max(1, columns));

    /// <summary>A whole view with columns of mean 0 and variance 1 (ddof 1), its means, and what differences from them were multiplied by: 0 for a constant column.</summary>
    /// <param name="view">The view.</param>
    /// <param name="epsilon">A unit in the last place of 1 in the precision of the data.</param>
    /// <exception cref="ArgumentException">An element is not finite.</exception>
    public static (DenseMatrix Rows, double[] Means, double[] Scales) Standardised(IRowView view, double epsilon)
    {
        double[] means = view.Means([]), scales = new double[view.Columns];
        DenseMatrix rows = new(view.Rows, view.Columns);
        view.Fill(0, [], [], means, rows, 0);
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int j = 0; j < scales.Length; j++) scales[j] += rows[i, j] * rows[i, j] / (rows.Rows - 1.0);
        }

        for (int j = 0; j < scales.Length; j++)
        {
            double deviation = Math.Sqrt(scales[j]);
            scales[j] = deviation > ConstantUnits * epsilon * Math.Abs(means[j]) ? 1 / deviation : 0;
        }

        for (int i = 0; i < rows.Rows; i++)
        {
            for (int j = 0; j < scales.Length; j++) rows[i, j] *= scales[j];
        }

        return (rows, means, scales);
    }

    /// <summary>Fills columns of a chunk.</summary>
    /// <param name="view">rows x columns.</param>
    /// <param name="first">The view's row that comes first in the chunk.</param>
    /// <param name="present">Which rows of the view are there; empty for all.</param>
    /// <param name="weights">The factor of each row of the view; empty for 1.</param>
    /// <param name="means">Subtracted from every row.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="column">The chunk's column that receives the view's first.</param>
    public static void Fill<T>(
        MatrixRef<T> view, int first, ReadOnlySpan<bool> present, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, DenseMatrix chunk, int column)
        where T : unmanaged
    {
        fixed (T* values = view)
        {
            for (int i = 0; i < chunk.Rows; i++)
            {
                Span<double> target = chunk.Row(i).Slice(column, view.Columns);
                if (!present.IsEmpty && !present[first + i])
                {
                    target.Clear();
                    continue;
                }

                T* row = values + ((first + i) * view.RowStride);
                double weight = weights.IsEmpty ? 1 : weights[first + i];
                for (int j = 0; j < target.Length; j++) target[j] = (Element.ToDouble(row[j * view.ColumnStride]) - means[j]) * weight;
            }
        }
    }
}
