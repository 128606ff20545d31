namespace FusionKernels.Kernels.Simd;

/// <summary>One lane of float64 for device kernels and for the scalar reference.</summary>
/// <remarks>
/// See <see cref="Lane32"/> for what device compilers ask of the members.
/// </remarks>
internal readonly struct Lane64(double value) : IDeviceVector<Lane64, double>
{
    /// <summary>The lane.</summary>
    public readonly double Value = value;

    public static bool IsDouble => true;

    public static Lane64 Broadcast(double value) => new(value);

    public static Lane64 Constant(double value) => new(value);

    public static Lane64 operator +(Lane64 left, Lane64 right) => new(left.Value + right.Value);

    public static Lane64 operator -(Lane64 left, Lane64 right) => new(left.Value - right.Value);

    public static Lane64 operator *(Lane64 left, Lane64 right) => new(left.Value * right.Value);

    public static Lane64 operator /(Lane64 left, Lane64 right) => new(left.Value / right.Value);

    public static Lane64 MultiplyAdd(Lane64 a, Lane64 b, Lane64 addend) => new((a.Value * b.Value) + addend.Value);

    public static Lane64 Min(Lane64 left, Lane64 right) => new(right.Value > left.Value ? left.Value : right.Value);

    public static Lane64 MinNonNegative(Lane64 left, Lane64 right) => new(Math.Min(left.Value, right.Value));

    public static Lane64 LeastNonNegative(Lane64 first, Lane64 second, Lane64 last) =>
        MinNonNegative(last, MinNonNegative(first, second));

    public static Lane64 Max(Lane64 left, Lane64 right) => new(right.Value < left.Value ? left.Value : right.Value);

    public static Lane64 Abs(Lane64 value) => new(Math.Abs(value.Value));

    public static Lane64 Sqrt(Lane64 value) => new(Math.Sqrt(value.Value));

    public static Lane64 SelectLess(Lane64 left, Lane64 right, Lane64 then, Lane64 otherwise) =>
        new(left.Value < right.Value ? then.Value : otherwise.Value);

    public static bool IsLess(Lane64 left, Lane64 right) => left.Value < right.Value;

    public static Lane64 Round(Lane64 value) => new(value.Value + FloatLayout.Rounder64 - FloatLayout.Rounder64);

    public static Lane64 ScaleByPowerOfTwo(Lane64 value, Lane64 power)
    {
        // Two factors, since 2^power alone may lie outside the exponent range.
        double first = (power.Value * 0.5d) + FloatLayout.BiasedRounder64;
        double second = power.Value - (first - FloatLayout.BiasedRounder64) + FloatLayout.BiasedRounder64;
        return new(value.Value * PowerOfTwo(first) * PowerOfTwo(second));
    }

    public static Lane64 ScaleDown(Lane64 value, Lane64 power)
    {
        // Below the normal powers there is 0, whose bits are 0.
        double bounded = power.Value < -FloatLayout.Bias64 ? -FloatLayout.Bias64 : power.Value;
        return new(value.Value * PowerOfTwo(bounded + FloatLayout.BiasedRounder64));
    }

    public static Lane64 ScaleDownGradually(Lane64 value, Lane64 power) => ScaleByPowerOfTwo(value, power);

    public static Lane64 Exponent(Lane64 value)
    {
        long biased = BitConverter.DoubleToInt64Bits(value.Value) >> FloatLayout.MantissaBits64;
        return new(BitConverter.Int64BitsToDouble(biased | FloatLayout.IntegerBits64) - FloatLayout.BiasedInteger64);
    }

    public static Lane64 Mantissa(Lane64 value)
    {
        long fraction = BitConverter.DoubleToInt64Bits(value.Value) & FloatLayout.MantissaMask64;
        return new(BitConverter.Int64BitsToDouble(fraction | FloatLayout.OneBits64));
    }

    public static Lane64 CopySign(Lane64 magnitude, Lane64 sign)
    {
        long bits = BitConverter.DoubleToInt64Bits(magnitude.Value) & long.MaxValue;
        return new(BitConverter.Int64BitsToDouble(bits | (BitConverter.DoubleToInt64Bits(sign.Value) & long.MinValue)));
    }

    private static double PowerOfTwo(double biasedRounded) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(biasedRounded) << FloatLayout.MantissaBits64);
}
