namespace FusionKernels.Kernels.Attention;

/// <summary>Float32 numbers in 16 bits and back, in integers alone: the same bits on every engine. Device code may call all of it.</summary>
internal static class StoredBits
{
    private const int SignBit = unchecked((int)0x80000000);
    private const int Infinity32 = 0x7F800000;

    /// <summary>The nearest binary16, ties to even; infinity from 65 520 on, NaN for NaN.</summary>
    public static ushort ToFloat16(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value), magnitude = bits & int.MaxValue, sign = (bits >> 16) & 0x8000;
        if (magnitude >= 0x47800000) return (ushort)(sign | (magnitude > Infinity32 ? 0x7E00 : 0x7C00));

        // Below 2^-14 the unit is 2^-24, that of float32 numbers from 0.5 to 1, whose sum rounds to it.
        if (magnitude < 0x38800000) return (ushort)(sign | (BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(magnitude) + 0.5f) - 0x3F000000));
        return (ushort)(sign | ((magnitude - 0x38000000 + 0xFFF + ((magnitude >> 13) & 1)) >> 13));
    }

    /// <summary>The number of a binary16.</summary>
    public static float FromFloat16(int bits)
    {
        int exponent = bits & 0x7C00, wide = (bits & 0x7FFF) << 13;
        int magnitude = exponent == 0x7C00 ? wide | Infinity32 : exponent != 0 ? wide + 0x38000000 : BitConverter.SingleToInt32Bits((bits & 0x3FF) * (1f / (1 << 24)));
        return BitConverter.Int32BitsToSingle(magnitude | ((bits << 16) & SignBit));
    }

    /// <summary>The nearest bfloat16, ties to even; NaN for NaN.</summary>
    public static ushort ToBFloat16(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        if ((bits & int.MaxValue) > Infinity32) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The number of a bfloat16.</summary>
    public static float FromBFloat16(int bits) => BitConverter.Int32BitsToSingle(bits << 16);
}
