using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>One operand of a matrix product: its first matrix, and where the other items of a batch lie.</summary>
internal readonly ref struct ProductOperand<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ProductOperand(MatrixRef<T> matrix, int count, long batchStride, int rank)
    {
        Matrix = matrix;
        (Count, BatchStride, Rank) = (count, batchStride, rank);
    }

    /// <summary>The matrix of the first item; a vector is a row or a column.</summary>
    public MatrixRef<T> Matrix { get; }

    /// <summary>Items; 1 for a single matrix.</summary>
    public int Count { get; }

    /// <summary>Elements from item to item; 0 for a single matrix.</summary>
    public long BatchStride { get; }

    /// <summary>Dimensions: 1 for a vector, 2 for a matrix, 3 for a batch.</summary>
    public int Rank { get; }

    /// <summary>An operand in host memory.</summary>
    /// <param name="tensor">Rank 1, 2 or 3, any strides.</param>
    /// <param name="isRow">Whether a vector is a row rather than a column.</param>
    /// <param name="transpose">Whether the matrices are taken transposed.</param>
    /// <param name="what">The operand's name.</param>
    /// <exception cref="ArgumentException">The rank is another, or a length exceeds the range of int.</exception>
    public static ProductOperand<T> Of(ReadOnlyTensorSpan<T> tensor, bool isRow, bool transpose, string what)
    {
        Check(tensor.Lengths, what);
        ReadOnlySpan<nint> lengths = tensor.Lengths, strides = tensor.Strides;
        ref T first = ref Unsafe.AsRef(in tensor.GetPinnableReference());
        if (lengths.Length == 1)
        {
            (int length, long stride) = ((int)lengths[0], strides[0]);
            return new(isRow ? new(ref first, 1, length, length, stride) : new(ref first, length, 1, stride), 1, 0, 1);
        }

        MatrixRef<T> matrix = new(ref first, (int)lengths[^2], (int)lengths[^1], strides[^2], strides[^1]);
        bool isBatch = lengths.Length == 3;
        return new(transpose ? matrix.Transposed : matrix, isBatch ? (int)lengths[0] : 1, isBatch ? strides[0] : 0, lengths.Length);
    }

    /// <summary>An operand on a device.</summary>
    /// <inheritdoc cref="Of(ReadOnlyTensorSpan{T}, bool, bool, string)"/>
    public static ProductOperand<T> Of(DeviceTensor<T> tensor, bool isRow, bool transpose, string what)
    {
        ArgumentNullException.ThrowIfNull(tensor, what);
        Check(tensor.Lengths, what);
        ReadOnlySpan<nint> lengths = tensor.Lengths;
        if (lengths.Length == 1)
        {
            int length = (int)lengths[0];
            return new(isRow ? new(tensor.Buffer, 0, 1, length, length) : new(tensor.Buffer, 0, length, 1, 1), 1, 0, 1);
        }

        (int rows, int columns) = ((int)lengths[^2], (int)lengths[^1]);
        MatrixRef<T> matrix = new(tensor.Buffer, 0, rows, columns, columns);
        bool isBatch = lengths.Length == 3;
        return new(transpose ? matrix.Transposed : matrix, isBatch ? (int)lengths[0] : 1, isBatch ? (long)rows * columns : 0, lengths.Length);
    }

    private static void Check(ReadOnlySpan<nint> lengths, string what)
    {
        if (lengths.Length is < 1 or > 3)
        {
            throw new ArgumentException(
                $"'{what}' is {Shape.Of(lengths)}; a vector, a matrix (rows x columns) or a batch (items x rows x columns) is needed", what);
        }

        foreach (nint length in lengths)
        {
            if (length > int.MaxValue) throw new ArgumentException($"'{what}' is {Shape.Of(lengths)}; every length is limited to {int.MaxValue}", what);
        }
    }
}
