namespace FusionKernels.Kernels.Simd;

/// <summary>
/// One or more lanes of <typeparamref name="T"/> that compute together. A rule written once over this interface is the
/// scalar reference, the SIMD code at every width and the device kernel, in float32 and in float64.
/// </summary>
/// <remarks>
/// Device code may call every member here. Implementations: <see cref="Lane32"/> and <see cref="Lane64"/> (device,
/// reference), <see cref="Lanes1{T}"/>, <see cref="Lanes128{T}"/>, <see cref="Lanes256{T}"/>, <see cref="Lanes512{T}"/> (host).
/// Where NaN may come, constants belong left in <see cref="Min"/> and <see cref="Max"/> and right in the comparison of
/// <see cref="SelectLess"/>: with a constant on the other side, ILGPU 1.5.3 compares NaN as true.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IVector<TSelf, T>
    where TSelf : unmanaged, IVector<TSelf, T>
    where T : unmanaged
{
    /// <summary>Whether the lanes are float64; folded at compile time on every engine, so it may choose a polynomial's degree.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>The value in every lane.</summary>
    static abstract TSelf Broadcast(T value);

    /// <summary>The constant in every lane, rounded to <typeparamref name="T"/>; folded at compile time on every engine.</summary>
    static abstract TSelf Constant(double value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a * b + addend, with one rounding where the hardware fuses and two where it does not.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf addend);

    /// <summary>The smaller; <paramref name="right"/> where the two do not compare. Put a bound left, so that NaN stays NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The smaller of values that are +0 or more, infinity included: may compare the bits as integers, which more units of a processor can do.</summary>
    static abstract TSelf MinNonNegative(TSelf left, TSelf right);

    /// <summary>
    /// The smallest of three values that are +0 or more, infinity included, <paramref name="last"/> the one that is known last:
    /// compares as integers, as numbers, or once in each way, whichever the processor has the most units for.
    /// </summary>
    static abstract TSelf LeastNonNegative(TSelf first, TSelf second, TSelf last);

    /// <summary>The larger; <paramref name="right"/> where the two do not compare. Put a bound left, so that NaN stays NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary><paramref name="then"/> where left &lt; right, else <paramref name="otherwise"/> (or not comparable).</summary>
    static abstract TSelf SelectLess(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    /// <summary>The nearest integer, ties to even, for |value| below 2^22 (float32) or 2^51 (float64); a zero may lose its sign.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>
    /// value * 2^power for an integral <paramref name="power"/> of magnitude up to 252 (float32) or 2044 (float64); gradual
    /// underflow, overflow to infinity. One rounding where |value| is at least 2^-50, at most two below.
    /// </summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf power);

    /// <summary>value * 2^power for an integral <paramref name="power"/> of 0 or less, of any magnitude; may be 0 where 2^power is no normal number.</summary>
    static abstract TSelf ScaleDown(TSelf value, TSelf power);

    /// <summary>
    /// value * 2^power for a value in [1/2, 2) and an integral <paramref name="power"/> from -150 (float32) or -1076 (float64) to 0; gradual
    /// underflow with one rounding. NaN where the power is.
    /// </summary>
    static abstract TSelf ScaleDownGradually(TSelf value, TSelf power);

    /// <summary>floor(log2(value)) of a positive normal value, as a number.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>value * 2^-Exponent(value), in [1, 2), of a positive normal value.</summary>
    static abstract TSelf Mantissa(TSelf value);

    /// <summary>The magnitude of the first with the sign of the second.</summary>
    static abstract TSelf CopySign(TSelf magnitude, TSelf sign);
}
