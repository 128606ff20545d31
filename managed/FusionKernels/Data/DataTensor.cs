using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What the writers need to know of a tensor.</summary>
internal static class DataTensor
{
    /// <summary>The elements in row-major order: the tensor's own memory when it is dense, a copy otherwise.</summary>
    public static ReadOnlySpan<T> Flatten<T>(scoped in ReadOnlyTensorSpan<T> tensor)
    {
        if (tensor.FlattenedLength == 0)
            return [];
        int length = checked((int)tensor.FlattenedLength);
        if (tensor.IsDense && tensor.TryGetSpan(new nint[tensor.Rank], length, out ReadOnlySpan<T> own))
            return own;
        var copy = new T[length];
        tensor.FlattenTo(copy);
        return copy;
    }
}
