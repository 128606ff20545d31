using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Columns brought to length 1, whatever their magnitudes.</summary>
internal static class UnitColumns
{
    /// <summary>Copies a matrix with columns of length 1; columns of zeros stay so.</summary>
    /// <param name="matrix">rows x columns, row by row.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="unit">Receives as many elements.</param>
    /// <returns>The lengths.</returns>
    public static double[] Copy<T>(ReadOnlySpan<double> matrix, int columns, Span<T> unit)
        where T : unmanaged
    {
        double[] lengths = Lengths(matrix, columns);
        for (int at = 0; at < matrix.Length; at++)
        {
            double length = lengths[at % columns];
            unit[at] = length == 0 ? default : Element.Of<T>(matrix[at] / length);
        }

        return lengths;
    }

    /// <summary>The length of a vector.</summary>
    public static double Length(ReadOnlySpan<double> values) => Lengths(values, 1)[0];

    private static double[] Lengths(ReadOnlySpan<double> matrix, int columns)
    {
        double[] largest = new double[columns], sums = new double[columns];
        for (int at = 0; at < matrix.Length; at++) largest[at % columns] = Math.Max(largest[at % columns], Math.Abs(matrix[at]));
        for (int at = 0; at < matrix.Length; at++)
        {
            if (largest[at % columns] is > 0 and double scale) sums[at % columns] += matrix[at] / scale * (matrix[at] / scale);
        }

        for (int j = 0; j < columns; j++) sums[j] = largest[j] * Math.Sqrt(sums[j]);
        return sums;
    }
}
