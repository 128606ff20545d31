namespace FusionKernels.Kernels.Simd;

/// <summary>The layout of IEEE 754 binary32 and binary64, and the numbers that turn it into arithmetic without conversions.</summary>
/// <remarks>
/// A float of magnitude 2^m to 2^(m+1), m being the number of stored mantissa bits, holds an integer in its low bits. So adding
/// a number of that size rounds to an integer, and its bit pattern then is that integer: no conversion instruction is needed.
/// </remarks>
internal static class FloatLayout
{
    /// <summary>Stored mantissa bits of binary32.</summary>
    public const int MantissaBits32 = 23;

    /// <summary>Stored mantissa bits of binary64.</summary>
    public const int MantissaBits64 = 52;

    /// <summary>The mask of the stored mantissa of binary32.</summary>
    public const int MantissaMask32 = (1 << MantissaBits32) - 1;

    /// <summary>The mask of the stored mantissa of binary64.</summary>
    public const long MantissaMask64 = (1L << MantissaBits64) - 1;

    /// <summary>The bits of 1f.</summary>
    public const int OneBits32 = 127 << MantissaBits32;

    /// <summary>The bits of 1d.</summary>
    public const long OneBits64 = 1023L << MantissaBits64;

    /// <summary>The exponent's bias of binary32.</summary>
    public const int Bias32 = 127;

    /// <summary>The exponent's bias of binary64.</summary>
    public const int Bias64 = 1023;

    /// <summary>1.5 * 2^23: added and taken away again, rounds a float of magnitude below 2^22 to an integer, ties to even.</summary>
    public const float Rounder32 = 12582912f;

    /// <summary>1.5 * 2^52: added and taken away again, rounds a double of magnitude below 2^51 to an integer, ties to even.</summary>
    public const double Rounder64 = 6755399441055744d;

    /// <summary><see cref="Rounder32"/> plus the exponent's bias: n added, the bits shifted left by 23 are those of 2^n.</summary>
    public const float BiasedRounder32 = Rounder32 + 127f;

    /// <summary><see cref="Rounder64"/> plus the exponent's bias: n added, the bits shifted left by 52 are those of 2^n.</summary>
    public const double BiasedRounder64 = Rounder64 + 1023d;

    /// <summary>Added to the power of a number that may become denormal, it makes it normal in binary32 as in binary64.</summary>
    public const int Lift = 64;

    /// <summary>2^-<see cref="Lift"/>.</summary>
    public const float Unlift32 = 5.421010862427522e-20f;

    /// <summary>2^-<see cref="Lift"/>.</summary>
    public const double Unlift64 = 5.421010862427522e-20d;

    /// <summary>The bits of 2^23, into whose low bits an integer is put to read it as a float.</summary>
    public const int IntegerBits32 = (127 + MantissaBits32) << MantissaBits32;

    /// <summary>The bits of 2^52, into whose low bits an integer is put to read it as a double.</summary>
    public const long IntegerBits64 = (1023L + MantissaBits64) << MantissaBits64;

    /// <summary>2^23 plus the exponent's bias: what to take away from a biased exponent put into <see cref="IntegerBits32"/>.</summary>
    public const float BiasedInteger32 = 8388608f + 127f;

    /// <summary>2^52 plus the exponent's bias: what to take away from a biased exponent put into <see cref="IntegerBits64"/>.</summary>
    public const double BiasedInteger64 = 4503599627370496d + 1023d;
}
