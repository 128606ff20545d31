using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Matrices as decompositions take them: checked, and copied row by row.</summary>
internal static unsafe class DecompositionInput
{
    /// <summary>Throws where an element is not finite.</summary>
    /// <param name="matrix">A matrix in host memory.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <exception cref="ArgumentException">An element is not finite; its place is named.</exception>
    public static void RequireFinite<T>(MatrixRef<T> matrix, string name)
        where T : unmanaged
    {
        fixed (T* values = matrix)
        {
            for (int i = 0; i < matrix.Rows; i++)
            {
                T* row = values + (i * matrix.RowStride);
                for (int j = 0; j < matrix.Columns; j++)
                {
                    if (!double.IsFinite(Element.ToDouble(row[j * matrix.ColumnStride]))) throw new ArgumentException($"{name}[{i}, {j}] is not a finite number", name);
                }
            }
        }
    }

    /// <summary>A copy, row by row, of a finite matrix.</summary>
    /// <inheritdoc cref="RequireFinite{T}"/>
    public static T[] Copy<T>(MatrixRef<T> matrix, string name)
        where T : unmanaged
    {
        RequireFinite(matrix, name);
        T[] copy = new T[checked(matrix.Rows * matrix.Columns)];
        fixed (T* values = matrix)
        {
            for (int i = 0; i < matrix.Rows; i++)
            {
                for (int j = 0; j < matrix.Columns; j++) copy[(i * matrix.Columns) + j] = values[(i * matrix.RowStride) + (j * matrix.ColumnStride)];
            }
        }

        return copy;
    }

    /// <summary>|A - B| / |A| in the Frobenius norm; 0 where both are.</summary>
    public static double RelativeDifference(DenseMatrix a, DenseMatrix b)
    {
        double scale = 0, largest = 0, difference = 0;
        for (int i = 0; i < a.Elements.Length; i++) largest = Math.Max(largest, Math.Max(Math.Abs(a.Elements[i]), Math.Abs(b.Elements[i])));
        if (largest == 0) return 0;
        for (int i = 0; i < a.Elements.Length; i++)
        {
            double value = a.Elements[i] / largest, error = value - (b.Elements[i] / largest);
            scale += value * value;
            difference += error * error;
        }

        return scale == 0 ? double.PositiveInfinity : Math.Sqrt(difference / scale);
    }

    /// <summary>The Frobenius norm of a matrix in host memory.</summary>
    public static double Norm<T>(MatrixRef<T> matrix)
        where T : unmanaged
    {
        double scale = 0, squares = 0;
        fixed (T* elements = matrix)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < matrix.Rows; i++)
                {
                    for (int j = 0; j < matrix.Columns; j++)
                    {
                        double value = Math.Abs(Element.ToDouble(elements[(i * matrix.RowStride) + (j * matrix.ColumnStride)]));
                        if (pass == 0) scale = Math.Max(scale, value);
                        else if (value > 0) squares += value / scale * (value / scale);
                    }
                }
            }
        }

        return scale * Math.Sqrt(squares);
    }
}
