namespace FusionKernels.Kernels.Simd;

/// <summary>One lane of float32 for device kernels and for the scalar reference.</summary>
/// <remarks>
/// Device compilers must take every member, so there is no <c>typeof</c>, no throw and no fused intrinsic here: a * b + c is
/// fused by the device's own assembler where it pays. ILGPU 1.5.3 swaps a comparison whose left operand is a constant and
/// then takes NaN to compare as true, hence the turned comparisons of <see cref="Min"/> and <see cref="Max"/>.
/// </remarks>
internal readonly struct Lane32(float value) : IDeviceVector<Lane32, float>
{
    /// <summary>The lane.</summary>
    public readonly float Value = value;

    public static bool IsDouble => false;

    public static Lane32 Broadcast(float value) => new(value);

    public static Lane32 Constant(double value) => new((float)value);

    public static Lane32 operator +(Lane32 left, Lane32 right) => new(left.Value + right.Value);

    public static Lane32 operator -(Lane32 left, Lane32 right) => new(left.Value - right.Value);

    public static Lane32 operator *(Lane32 left, Lane32 right) => new(left.Value * right.Value);

    public static Lane32 operator /(Lane32 left, Lane32 right) => new(left.Value / right.Value);

    public static Lane32 MultiplyAdd(Lane32 a, Lane32 b, Lane32 addend) => new((a.Value * b.Value) + addend.Value);

    public static Lane32 Min(Lane32 left, Lane32 right) => new(right.Value > left.Value ? left.Value : right.Value);

    public static Lane32 MinNonNegative(Lane32 left, Lane32 right) => new(MathF.Min(left.Value, right.Value));

    public static Lane32 LeastNonNegative(Lane32 first, Lane32 second, Lane32 last) =>
        MinNonNegative(last, MinNonNegative(first, second));

    public static Lane32 Max(Lane32 left, Lane32 right) => new(right.Value < left.Value ? left.Value : right.Value);

    public static Lane32 Abs(Lane32 value) => new(MathF.Abs(value.Value));

    public static Lane32 Sqrt(Lane32 value) => new(MathF.Sqrt(value.Value));

    public static Lane32 SelectLess(Lane32 left, Lane32 right, Lane32 then, Lane32 otherwise) =>
        new(left.Value < right.Value ? then.Value : otherwise.Value);

    public static bool IsLess(Lane32 left, Lane32 right) => left.Value < right.Value;

    public static Lane32 Round(Lane32 value) => new(value.Value + FloatLayout.Rounder32 - FloatLayout.Rounder32);

    public static Lane32 ScaleByPowerOfTwo(Lane32 value, Lane32 power)
    {
        // Two factors, since 2^power alone may lie outside the exponent range.
        float first = (power.Value * 0.5f) + FloatLayout.BiasedRounder32;
        float second = power.Value - (first - FloatLayout.BiasedRounder32) + FloatLayout.BiasedRounder32;
        return new(value.Value * PowerOfTwo(first) * PowerOfTwo(second));
    }

    public static Lane32 ScaleDown(Lane32 value, Lane32 power)
    {
        // Below the normal powers there is 0, whose bits are 0.
        float bounded = power.Value < -FloatLayout.Bias32 ? -FloatLayout.Bias32 : power.Value;
        return new(value.Value * PowerOfTwo(bounded + FloatLayout.BiasedRounder32));
    }

    public static Lane32 ScaleDownGradually(Lane32 value, Lane32 power) => ScaleByPowerOfTwo(value, power);

    public static Lane32 Exponent(Lane32 value)
    {
        int biased = BitConverter.SingleToInt32Bits(value.Value) >> FloatLayout.MantissaBits32;
        return new(BitConverter.Int32BitsToSingle(biased | FloatLayout.IntegerBits32) - FloatLayout.BiasedInteger32);
    }

    public static Lane32 Mantissa(Lane32 value)
    {
        int fraction = BitConverter.SingleToInt32Bits(value.Value) & FloatLayout.MantissaMask32;
        return new(BitConverter.Int32BitsToSingle(fraction | FloatLayout.OneBits32));
    }

    public static Lane32 CopySign(Lane32 magnitude, Lane32 sign)
    {
        int bits = BitConverter.SingleToInt32Bits(magnitude.Value) & int.MaxValue;
        return new(BitConverter.Int32BitsToSingle(bits | (BitConverter.SingleToInt32Bits(sign.Value) & int.MinValue)));
    }

    private static float PowerOfTwo(float biasedRounded) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(biasedRounded) << FloatLayout.MantissaBits32);
}
