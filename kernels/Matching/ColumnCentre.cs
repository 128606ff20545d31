using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Rows less the means of their columns, in float64 until the difference is rounded.</summary>
internal static unsafe class ColumnCentre
{
    /// <summary>Writes the differences.</summary>
    /// <param name="rows">rows x columns in host memory.</param>
    /// <param name="given">By column: what is subtracted; null for the column's mean.</param>
    /// <param name="centred">rows x columns, receives the differences; those within the rounding error of a mean are 0.</param>
    /// <returns>The first element that is not finite; (-1, -1) where all are.</returns>
    public static (int Row, int Column) Subtract<T>(MatrixRef<T> rows, double[]? given, Span<T> centred)
        where T : unmanaged
    {
        double[] means = new double[rows.Columns], largest = new double[rows.Columns];
        fixed (T* values = rows)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int k = 0; k < rows.Columns; k++)
                {
                    double value = Element.ToDouble(values[(i * rows.RowStride) + (k * rows.ColumnStride)]);
                    if (!double.IsFinite(value)) return (i, k);
                    means[k] += value / rows.Rows;
                    largest[k] = Math.Max(largest[k], Math.Abs(value));
                }
            }

            // A given mean is exact; a computed one carries a rounding for each row.
            double error = given is null ? rows.Rows * Math.Pow(2, -52) : 0;
            if (given is not null) means = given;
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int k = 0; k < rows.Columns; k++)
                {
                    double difference = Element.ToDouble(values[(i * rows.RowStride) + (k * rows.ColumnStride)]) - means[k];
                    centred[(i * rows.Columns) + k] = Element.Of<T>(Math.Abs(difference) <= error * largest[k] ? 0 : difference);
                }
            }
        }

        return (-1, -1);
    }
}
