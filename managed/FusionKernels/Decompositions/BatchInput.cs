using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Batches of small matrices as callers give them.</summary>
internal static class BatchInput
{
    /// <summary>Items, rows and columns.</summary>
    /// <exception cref="ArgumentException">The tensor is no batch of matrices.</exception>
    public static (int Items, int Rows, int Columns) Shaped<T>(Tensor<T> batch, string name)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(batch, name);
        if (batch.Rank != 3) throw new ArgumentException($"'{name}' is {Shape.Of(batch.Lengths)}; items x rows x columns is needed", name);
        return (checked((int)batch.Lengths[0]), checked((int)batch.Lengths[1]), checked((int)batch.Lengths[2]));
    }

    /// <summary>A copy, dense.</summary>
    /// <exception cref="ArgumentException">An element is not finite; the item and the place are named.</exception>
    public static T[] Copy<T>(Tensor<T> batch, int rows, int columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] all = new T[checked((int)batch.FlattenedLength)];
        batch.FlattenTo(all);
        if (all.Length == 0 || TensorPrimitives.IsFiniteAll<T>(all)) return all;
        int size = rows * columns, item = Array.FindIndex(all, value => !T.IsFinite(value)) / size;
        DecompositionInput.RequireFinite(MatrixRef<T>.Of(all.AsSpan(item * size, size), rows, columns), $"{name}[{item}]");
        return all;
    }
}
