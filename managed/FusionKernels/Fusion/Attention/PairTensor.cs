using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels;

/// <summary>Masks and biases over pairs of queries and keys, their dimensions of 1 repeated.</summary>
internal static class PairTensor
{
    /// <summary>Lays a tensor over all pairs of a problem.</summary>
    /// <exception cref="ArgumentException">A dimension is neither 1 nor the problem's.</exception>
    public static StridedRef<T> Of<T>(Tensor<T>? tensor, AttentionProblem problem, string name)
        where T : unmanaged
    {
        if (tensor is null) return default;
        ReadOnlyTensorSpan<T> span = tensor.AsReadOnlyTensorSpan();
        Span<long> strides = [0, 0, 0, 0];
        Lay(span.Lengths, span.Strides, problem, name, strides);
        return new(ref Unsafe.AsRef(in span.GetPinnableReference()), strides[0], strides[1], strides[2], strides[3]);
    }

    /// <summary>Lays a dense tensor on a device over all pairs of a problem.</summary>
    /// <exception cref="ArgumentException">A dimension is neither 1 nor the problem's.</exception>
    public static ResidentTensor<T> Of<T>(DeviceTensor<T>? tensor, AttentionProblem problem, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tensor is null) return default;
        Span<nint> dense = stackalloc nint[tensor.Rank];
        nint next = 1;
        for (int d = dense.Length - 1; d >= 0; d--)
        {
            dense[d] = next;
            next *= tensor.Lengths[d];
        }

        Span<long> strides = [0, 0, 0, 0];
        Lay(tensor.Lengths, dense, problem, name, strides);
        return new(tensor.Buffer, strides[0], strides[1], strides[2], strides[3]);
    }

    /// <summary>Bytes of a bias; 0 where there is none.</summary>
    public static long Bytes<T>(Tensor<T>? bias)
        where T : unmanaged => (bias?.FlattenedLength ?? 0) * Unsafe.SizeOf<T>();

    /// <inheritdoc cref="Bytes{T}(Tensor{T}?)"/>
    public static long Bytes<T>(DeviceTensor<T>? bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (bias?.FlattenedLength ?? 0) * Unsafe.SizeOf<T>();

    private static void Lay(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> elementStrides, AttentionProblem problem, string name, Span<long> strides)
    {
        ReadOnlySpan<int> full = [problem.Batch, problem.QueryHeads, problem.Queries, problem.Keys];
        int rank = lengths.Length;
        bool fits = rank is >= 1 and <= 4;
        for (int i = 0; fits && i < rank; i++)
        {
            int dimension = 4 - rank + i;
            fits = lengths[i] == 1 || lengths[i] == full[dimension];
            if (lengths[i] != 1) strides[dimension] = elementStrides[i];
        }

        if (fits) return;
        throw new ArgumentException(
            $"'{name}' is {Shape.Of(lengths)}; {full[0]} x {full[1]} x {full[2]} x {full[3]} (batch x query heads x queries x keys) is needed, where a dimension may be 1, or left out in front", name);
    }
}
