using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Tensors as the matrices that kernels take.</summary>
internal static class MatrixOperand
{
    /// <summary>A tensor of rank 2 in host memory, with its strides; of rank 1 as one column.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">What the caller calls it, for the message.</param>
    /// <exception cref="ArgumentException">The rank is neither, or a length exceeds the range of int.</exception>
    public static MatrixRef<T> AsMatrix<T>(this in ReadOnlyTensorSpan<T> tensor, string name)
        where T : unmanaged
    {
        if (tensor.Rank is not (1 or 2))
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; a matrix (rows x columns) is needed", name);
        }

        nint columns = tensor.Rank == 2 ? tensor.Lengths[1] : 1;
        if (tensor.Lengths[0] > int.MaxValue || columns > int.MaxValue)
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; rows and columns are limited to {int.MaxValue}", name);
        }

        return new(
            ref Unsafe.AsRef(in tensor.GetPinnableReference()),
            (int)tensor.Lengths[0],
            (int)columns,
            tensor.Strides[0],
            tensor.Rank == 2 ? tensor.Strides[1] : 1);
    }

    /// <summary>A result of rank 2 in host memory, whose columns must be consecutive.</summary>
    /// <exception cref="ArgumentException">The shape is not rows x columns, columns are not consecutive, or rows overlap.</exception>
    public static MatrixRef<T> AsResult<T>(this in TensorSpan<T> tensor, int rows, int columns, string name)
        where T : unmanaged
    {
        if (tensor.Rank != 2 || tensor.Lengths[0] != rows || tensor.Lengths[1] != columns)
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; the result is {rows} x {columns}", name);
        }

        if (rows > 0 && columns > 1 && tensor.Strides[1] != 1) throw new ArgumentException($"the columns of '{name}' are not consecutive: give a row-major view", name);
        if (rows > 1 && columns > 0 && tensor.Strides[0] < columns) throw new ArgumentException($"the rows of '{name}' overlap: every element needs a place of its own", name);
        return new(ref tensor.GetPinnableReference(), rows, columns, tensor.Strides[0]);
    }
}
