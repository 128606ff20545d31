using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace FusionKernels;

/// <summary>The bridge between tensors and the matrices of MathNet.Numerics. Both ways copy.</summary>
public static class MathNetExtensions
{
    /// <summary>Copies a matrix to a tensor.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="matrix">Rows x columns, dense or sparse.</param>
    /// <returns>A dense tensor, rows x columns, row-major.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    public static Tensor<T> ToTensor<T>(this Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Tensor.Create(matrix.ToRowMajorArray(), [matrix.RowCount, matrix.ColumnCount]);
    }

    /// <summary>Copies a tensor of rank 2 to a matrix.</summary>
    /// <typeparam name="T">An element of MathNet.Numerics: <see cref="float"/>, <see cref="double"/> or one of the complex numbers.</typeparam>
    /// <param name="tensor">Rows x columns, any strides.</param>
    /// <returns>A dense matrix, rows x columns.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    /// <exception cref="ArgumentException">The tensor is not of rank 2.</exception>
    /// <exception cref="OverflowException">A length exceeds the range of int.</exception>
    public static Matrix<T> ToMatrix<T>(this Tensor<T> tensor)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank != 2) throw new ArgumentException($"'tensor' is {Shape.Of(tensor.Lengths)}; a matrix (rows x columns) is needed", nameof(tensor));
        (int rows, int columns) = (checked((int)tensor.Lengths[0]), checked((int)tensor.Lengths[1]));
        T[] elements = new T[checked(rows * columns)];
        Span<nint> at = stackalloc nint[2];
        for (int j = 0; j < columns; j++)
        {
            at[1] = j;
            for (int i = 0; i < rows; i++)
            {
                at[0] = i;
                elements[(j * rows) + i] = tensor[at];
            }
        }

        return Matrix<T>.Build.Dense(rows, columns, elements);
    }
}
