using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

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
        ReadOnlySpan<int> full = [problem.Batch, problem.QueryHeads, problem.Queries, problem.Keys];
        Span<long> strides = [0, 0, 0, 0];
        int rank = span.Rank;
        bool fits = rank is >= 1 and <= 4;
        for (int i = 0; fits && i < rank; i++)
        {
            int dimension = 4 - rank + i;
            fits = span.Lengths[i] == 1 || span.Lengths[i] == full[dimension];
            if (span.Lengths[i] != 1) strides[dimension] = span.Strides[i];
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"'{name}' is {Shape.Of(span.Lengths)}; {full[0]} x {full[1]} x {full[2]} x {full[3]} (batch x query heads x queries x keys) is needed, where a dimension may be 1, or left out in front", name);
        }

        return new(ref Unsafe.AsRef(in span.GetPinnableReference()), strides[0], strides[1], strides[2], strides[3]);
    }
}
