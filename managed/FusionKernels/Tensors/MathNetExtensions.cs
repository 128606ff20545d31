using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Storage;

namespace FusionKernels;

/// <summary>The bridge between tensors and the matrices and vectors of MathNet.Numerics: <c>As</c> shares memory, <c>To</c> copies.</summary>
/// <remarks>
/// A dense matrix of MathNet.Numerics is an array with consecutive columns, which a tensor with strides (1, rows) is, and so every
/// operation that takes any strides reads it where it lies. Results are row-major: <see cref="AsTransposedTensor{T}"/> of a matrix is a
/// destination for them. A tensor does not tell its array, so the way from it copies. Thread-safe; what is shared is as safe as its use.
/// </remarks>
public static class MathNetExtensions
{
    /// <summary>A dense matrix as a tensor over the same memory: what is written to one is read from the other.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="matrix">Rows x columns, dense.</param>
    /// <returns>Rows x columns, with strides (1, rows).</returns>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The matrix is not stored densely; <see cref="ToTensor{T}(Matrix{T})"/> copies any.</exception>
    public static Tensor<T> AsTensor<T>(this Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable =>
        Tensor.Create(Elements(matrix), [matrix.RowCount, matrix.ColumnCount], [1, matrix.RowCount]);

    /// <summary>The transpose of a dense matrix as a row-major tensor over the same memory, to which results can be written: K(y, x) in it is K(x, y) in the matrix.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="matrix">Rows x columns, dense.</param>
    /// <returns>Columns x rows, row-major.</returns>
    /// <inheritdoc cref="AsTensor{T}(Matrix{T})" path="/exception"/>
    public static Tensor<T> AsTransposedTensor<T>(this Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable =>
        Tensor.Create(Elements(matrix), [matrix.ColumnCount, matrix.RowCount]);

    /// <summary>A dense vector as a tensor of rank 1 over the same memory.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="vector">The vector, dense.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vector"/> is null.</exception>
    /// <exception cref="ArgumentException">The vector is not stored densely; <see cref="ToTensor{T}(Vector{T})"/> copies any.</exception>
    public static Tensor<T> AsTensor<T>(this Vector<T> vector)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Storage is DenseVectorStorage<T> dense
            ? Tensor.Create(dense.Data, [vector.Count])
            : throw new ArgumentException($"'{nameof(vector)}' is not stored densely and has no memory to share; copy it by {nameof(ToTensor)}", nameof(vector));
    }

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

    /// <summary>Copies a vector to a tensor of rank 1.</summary>
    /// <typeparam name="T">The element.</typeparam>
    /// <param name="vector">The vector, dense or sparse.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vector"/> is null.</exception>
    public static Tensor<T> ToTensor<T>(this Vector<T> vector)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(vector);
        return Tensor.Create(vector.ToArray(), [vector.Count]);
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
        if (tensor.Rank != 2) throw new ArgumentException($"'{nameof(tensor)}' is {Shape.Of(tensor.Lengths)}; a matrix (rows x columns) is needed", nameof(tensor));
        (int rows, int columns) = (checked((int)tensor.Lengths[0]), checked((int)tensor.Lengths[1]));
        T[] elements = new T[checked(rows * columns)];
        tensor.AsReadOnlyTensorSpan().CopyTo(new TensorSpan<T>(elements, [rows, columns], [1, rows]));
        return Matrix<T>.Build.Dense(rows, columns, elements);
    }

    /// <summary>Copies a tensor of rank 1 to a vector.</summary>
    /// <typeparam name="T">An element of MathNet.Numerics, as for <see cref="ToMatrix{T}"/>.</typeparam>
    /// <param name="tensor">The elements, any stride.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    /// <exception cref="ArgumentException">The tensor is not of rank 1.</exception>
    /// <exception cref="OverflowException">The length exceeds the range of int.</exception>
    public static Vector<T> ToVector<T>(this Tensor<T> tensor)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank != 1) throw new ArgumentException($"'{nameof(tensor)}' is {Shape.Of(tensor.Lengths)}; a vector is needed", nameof(tensor));
        T[] elements = new T[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(elements);
        return Vector<T>.Build.Dense(elements);
    }

    private static T[] Elements<T>(Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.Storage is DenseColumnMajorMatrixStorage<T> dense
            ? dense.Data
            : throw new ArgumentException($"'{nameof(matrix)}' is not stored densely and has no memory to share; copy it by {nameof(ToTensor)}", nameof(matrix));
    }
}
