using System.Numerics;

namespace FusionKernels.Tests.Simd;

/// <summary>The elementary functions by their series in 320-bit fixed-point arithmetic, slow and plain, to judge float64.</summary>
internal static class DoubleOracle
{
    private const int FractionBits = 320;

    // Below this, tanh x = x and sin x = x to more than a hundred bits.
    private const double Small = 1e-18;

    private static readonly BigInteger One = BigInteger.One << FractionBits;
    private static readonly BigInteger Ln2 = 2 * Artanh(One / 3);
    private static readonly BigInteger Pi = 4 * ((4 * Arctan(One / 5)) - Arctan(One / 239));

    /// <summary>The largest error among finite results, and the argument of it.</summary>
    public static (double Error, double At) Worst(ElementaryFunction function, double[] arguments, double[] computed) => arguments.AsParallel()
        .Select((x, i) => (Error: Ulps(function, x, computed[i]), At: x))
        .Aggregate((a, b) => a.Error > b.Error ? a : b);

    /// <summary>The error of a finite result, in units in the last place of the exact value.</summary>
    public static double Ulps(ElementaryFunction function, double argument, double computed)
    {
        Real exact = function switch
        {
            ElementaryFunction.Exp => Exp(argument),
            ElementaryFunction.Log => Log(argument),
            ElementaryFunction.Tanh => Tanh(argument),
            ElementaryFunction.SinSquaredPi => SinSquaredPi(argument),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

        Real got = Real.Of(computed);
        int exponent = Math.Min(got.Exponent, exact.Exponent);
        BigInteger difference = (got.Digits << (got.Exponent - exponent)) - (exact.Digits << (exact.Exponent - exponent));
        int binade = (int)BigInteger.Abs(exact.Digits).GetBitLength() - 1 + exact.Exponent;
        int lastPlace = Math.Max(binade - 52, -1074);
        return (double)BigInteger.Abs(difference) * Math.ScaleB(1.0, Math.Max(exponent - lastPlace, -1000));
    }

    private static Real Exp(double x)
    {
        int n = (int)Math.Round(x / Math.Log(2.0));

        // e^r = (e^(r / 2^16))^(2^16).
        BigInteger r = (Fixed(x) - (n * Ln2)) >> 16;
        BigInteger sum = One, term = One;
        for (int k = 1; !term.IsZero; k++)
        {
            term = ((term * r) >> FractionBits) / k;
            sum += term;
        }

        for (int i = 0; i < 16; i++) sum = (sum * sum) >> FractionBits;
        return new(sum, n - FractionBits);
    }

    private static Real Log(double x)
    {
        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > 1.4)
        {
            m /= 2;
            k++;
        }

        BigInteger mantissa = Fixed(m);
        return new((2 * Artanh(((mantissa - One) << FractionBits) / (mantissa + One))) + (k * Ln2), -FractionBits);
    }

    private static Real Tanh(double x)
    {
        if (Math.Abs(x) < Small) return Real.Of(x);
        if (Math.Abs(x) > 30) return Real.Of(Math.Sign(x));
        Real power = Exp(2 * x);
        BigInteger e = power.Exponent + FractionBits >= 0
            ? power.Digits << (power.Exponent + FractionBits)
            : power.Digits >> -(power.Exponent + FractionBits);
        return new(((e - One) << FractionBits) / (e + One), -FractionBits);
    }

    private static Real SinSquaredPi(double x)
    {
        double fraction = x - Math.Round(x);
        if (Math.Abs(fraction) < Small)
        {
            Real exact = Real.Of(fraction);
            BigInteger digits = Pi * exact.Digits;
            return new(digits * digits, 2 * (exact.Exponent - FractionBits));
        }

        BigInteger angle = (Pi * Fixed(fraction)) >> FractionBits;
        BigInteger square = (angle * angle) >> FractionBits;
        BigInteger sum = angle, term = angle;
        for (int k = 2; !term.IsZero; k += 2)
        {
            term = -((term * square) >> FractionBits) / (k * (k + 1));
            sum += term;
        }

        return new(sum * sum, -2 * FractionBits);
    }

    private static BigInteger Artanh(BigInteger s) => OddSeries(s, (s * s) >> FractionBits);

    private static BigInteger Arctan(BigInteger s) => OddSeries(s, -((s * s) >> FractionBits));

    /// <summary>s + s q / 3 + s q^2 / 5 + ...</summary>
    private static BigInteger OddSeries(BigInteger s, BigInteger q)
    {
        BigInteger sum = s, power = s;
        for (int k = 3; BigInteger.Abs(power) > 1; k += 2)
        {
            power = (power * q) >> FractionBits;
            sum += power / k;
        }

        return sum;
    }

    private static BigInteger Fixed(double value)
    {
        Real real = Real.Of(value);
        int shift = real.Exponent + FractionBits;
        return shift >= 0 ? real.Digits << shift : real.Digits >> -shift;
    }

    /// <summary>Digits * 2^Exponent.</summary>
    private readonly record struct Real(BigInteger Digits, int Exponent)
    {
        public static Real Of(double value)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            int biased = (int)(bits >> 52) & 0x7FF;
            long digits = (bits & 0xFFFFFFFFFFFFF) | (biased == 0 ? 0 : 1L << 52);
            return new(value < 0 ? -digits : digits, Math.Max(biased, 1) - 1075);
        }
    }
}
