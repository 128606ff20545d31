using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace FusionKernels;

/// <summary>Operands rounded to the format in which they are to be stored.</summary>
internal static class StoredOperands
{
    /// <summary>The elements as they are, or a dense copy rounded to nearest, ties to even.</summary>
    /// <exception cref="NotSupportedException">Another format than the element's own is asked for, and the element is not float.</exception>
    public static ReadOnlyTensorSpan<T> Of<T>(ReadOnlyTensorSpan<T> operand, AttentionStorage storage, string operation)
        where T : unmanaged
    {
        if (storage == AttentionStorage.Element) return operand;
        if (typeof(T) != typeof(float)) throw new NotSupportedException($"{operation}: {nameof(AttentionOptions.Storage)} {storage} is for float32; double tensors are stored as they are");
        T[] elements = new T[operand.FlattenedLength];
        operand.FlattenTo(elements);
        Span<float> values = Unsafe.As<float[]>(elements);
        for (int i = 0; i < values.Length; i++) values[i] = storage == AttentionStorage.Float16 ? (float)(Half)values[i] : ToBFloat16(values[i]);
        return new(elements, operand.Lengths, default);
    }

    /// <inheritdoc cref="Of{T}(ReadOnlyTensorSpan{T}, AttentionStorage, string)"/>
    public static Tensor<T> Of<T>(Tensor<T> operand, AttentionStorage storage, string operation)
        where T : unmanaged
    {
        if (storage == AttentionStorage.Element) return operand;
        Tensor<T> stored = Tensor.CreateFromShapeUninitialized<T>(operand.Lengths);
        Of(operand.AsReadOnlyTensorSpan(), storage, operation).CopyTo(stored.AsTensorSpan());
        return stored;
    }

    private static float ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000) : value;
    }
}
