using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Powers of two that bring the largest element of every column between 1/2 and 1: exact, and no square over- or underflows after.</summary>
internal static unsafe class ColumnScaling
{
    /// <summary>Copies a matrix, scaled.</summary>
    /// <param name="a">rows x columns in host memory.</param>
    /// <param name="scaled">rows x columns, row by row.</param>
    /// <returns>By column: the exponent that was taken out.</returns>
    public static int[] Copy<T>(in Operand<T> a, Span<T> scaled)
        where T : unmanaged
    {
        int columns = a.Columns;
        double[] largest = new double[columns];
        for (int i = 0; i < a.Rows; i++)
        {
            T* row = a.Pointer + (i * a.RowStride);
            for (int j = 0; j < columns; j++) largest[j] = Math.Max(largest[j], Math.Abs(Element.ToDouble(row[j * a.ColumnStride])));
        }

        int[] exponents = Array.ConvertAll(largest, value => value == 0 ? 0 : Math.Max(Math.ILogB(value) + 1, -1000));
        double[] factors = Array.ConvertAll(exponents, exponent => Math.ScaleB(1, -exponent));
        for (int i = 0; i < a.Rows; i++)
        {
            T* row = a.Pointer + (i * a.RowStride);
            Span<T> target = scaled.Slice(i * columns, columns);
            for (int j = 0; j < columns; j++) target[j] = Element.Of<T>(Element.ToDouble(row[j * a.ColumnStride]) * factors[j]);
        }

        return exponents;
    }

    /// <summary>Puts the exponents back into the columns of R.</summary>
    /// <exception cref="NumericalException">An element is beyond the range of the element type; its column is named.</exception>
    public static void Restore<T>(Span<T> r, int steps, int[] exponents, string operation)
        where T : unmanaged
    {
        int columns = exponents.Length;
        for (int i = 0; i < steps; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                ref T value = ref r[(i * columns) + j];
                value = Element.Of<T>(Math.ScaleB(Element.ToDouble(value), exponents[j]));
                if (!double.IsFinite(Element.ToDouble(value))) throw new NumericalException(operation, $"column {j}", $"its norm is beyond the range of {Element.NameOf<T>()}: scale the matrix");
            }
        }
    }
}
