using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>
/// Elementary functions over lanes: one source and one set of coefficients for the scalar reference, every SIMD width and
/// every device, in float32 and in float64.
/// </summary>
/// <remarks>
/// <para>No tables and no branches on data. Every argument has its IEEE 754 answer: NaN gives NaN, results underflow gradually
/// and overflow to infinity.</para>
/// <para>The polynomials are minimax fits with coefficients rounded to the element type; the error stated beside each is the
/// largest relative error of the function over the fitted interval, before the rounding of the evaluation itself.</para>
/// </remarks>
internal static class VectorMath
{
    /// <summary>log2(e).</summary>
    public const double Log2OfE = 1.4426950408889634;

    /// <summary>ln(2).</summary>
    public const double Ln2 = 0.6931471805599453;

    // ln 2 in two parts: the first has so few bits that its product with any binary exponent is exact, fused or not.
    private const double Ln2High32 = 0.693359375;
    private const double Ln2Low32 = -0.00021219444005469057;
    private const double Ln2High64 = 0.6931471805592082;
    private const double Ln2Low64 = 7.371002565167799e-13;

    private const double SqrtOf2 = 1.4142135623730951;

    // Where 1 - 2 / (e^2x + 1) has lost less than one bit to cancellation.
    private const double TanhSplit = 0.625;

    /// <summary>e^x: 0 for -infinity, infinity from 88.73 (float32) or 709.79 (float64) on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        // Outside these bounds the result is 0 or infinity already. NaN passes, being the right operand.
        V bounded = V.Min(Choose<V, T>(89.0, 710.0), V.Max(Choose<V, T>(-104.0, -746.0), x));
        return ExpInRange<V, T>(bounded);
    }

    /// <summary>e^x of x up to 0, and up to 20 for what roundings make of it: the bits of <see cref="Exp{V, T}"/> for two thirds of its instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V bounded = V.Max(Choose<V, T>(-104.0, -746.0), x);
        V n = V.Round(bounded * V.Constant(Log2OfE));
        return V.ScaleDownGradually(ExpReduced<V, T>(Remainder<V, T>(bounded, n)), n);
    }

    /// <summary>2^x for |x| up to 1/2: the factor that is left when the nearest integer went into an exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2Fraction<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => ExpReduced<V, T>(x * V.Constant(Ln2));

    /// <summary>The natural logarithm: -infinity for zero of either sign, NaN below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V smallestNormal = Choose<V, T>(1.1754943508222875e-38, 2.2250738585072014e-308);
        V normal = V.SelectLess(x, smallestNormal, x * Choose<V, T>(16777216.0, 18014398509481984.0), x);
        V shift = V.SelectLess(x, smallestNormal, Choose<V, T>(-24.0, -54.0), V.Constant(0.0));
        V result = LogOfNormal<V, T>(normal, shift);
        V ofNoLogarithm = V.SelectLess(x, V.Constant(0.0), V.Constant(double.NaN), V.Constant(double.NegativeInfinity));
        V finite = V.SelectLess(x, V.Constant(double.PositiveInfinity), result, x);
        return V.SelectLess(x, Choose<V, T>(1.401298464324817e-45, double.Epsilon), ofNoLogarithm, finite);
    }

    /// <summary>ln(x) + shift ln(2) of a positive, normal and finite x; of anything else, any number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogOfNormal<V, T>(V x, V shift)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        // x = m * 2^k with m in [sqrt(1/2), sqrt(2)), so that k is 0 round x = 1 and no digits cancel there.
        V mantissa = V.Mantissa(x);
        V exponent = V.Exponent(x) + shift;
        V k = V.SelectLess(mantissa, V.Constant(SqrtOf2), exponent, exponent + V.Constant(1.0));
        V m = V.SelectLess(mantissa, V.Constant(SqrtOf2), mantissa, mantissa * V.Constant(0.5));
        V f = m - V.Constant(1.0);
        return V.IsDouble ? LogDouble<V, T>(f, k) : LogSingle<V, T>(f, k);
    }

    /// <summary>The hyperbolic tangent: odd, with full relative accuracy near zero, exactly 1 in magnitude far out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        // Far from zero 1 - 2 / (e^2|x| + 1), which rounds to 1 from the bounds on; near zero, where that cancels, a polynomial.
        V magnitude = V.Abs(x);
        V exponential = ExpInRange<V, T>(V.Min(Choose<V, T>(18.5, 40.0), magnitude + magnitude));
        V far = V.Constant(1.0) - (V.Constant(2.0) / (exponential + V.Constant(1.0)));
        V z = magnitude * magnitude;
        V near = V.MultiplyAdd(TanhQuotient<V, T>(z), magnitude * z, magnitude);
        return V.CopySign(V.SelectLess(magnitude, V.Constant(TanhSplit), near, far), x);
    }

    /// <summary>sin^2(pi x): of period 1, with no error from reducing the argument; NaN for infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SinSquaredPi<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        // Without changing the value: numbers without a fraction become 0 and infinities NaN; the upper half of those with
        // fractions moves by an integer into the domain of Round.
        V roundable = Choose<V, T>(4194304.0, 2251799813685248.0);
        V integral = roundable + roundable;
        V magnitude = V.Abs(x);
        V moved = V.SelectLess(magnitude, roundable, magnitude, magnitude - roundable);
        V a = V.SelectLess(magnitude, integral, moved, magnitude - magnitude);

        // Symmetric round 0 and, as 1 - sin^2, round 1/4.
        V distance = V.Abs(a - V.Round(a));
        V w = V.Min(V.Constant(0.5) - distance, distance);
        V z = w * w;
        V square = w * (w * SinSquaredQuotient<V, T>(z));
        return V.SelectLess(distance, V.Constant(0.25), square, V.Constant(1.0) - square);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Choose<V, T>(double float32, double float64)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged =>
        V.IsDouble ? V.Constant(float64) : V.Constant(float32);

    /// <summary>e^x where it is neither 0 nor infinite by far: 2^n e^r with r = x - n ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpInRange<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V n = V.Round(x * V.Constant(Log2OfE));
        return V.ScaleByPowerOfTwo(ExpReduced<V, T>(Remainder<V, T>(x, n)), n);
    }

    /// <summary>x - n ln 2 by Cody and Waite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Remainder<V, T>(V x, V n)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V high = V.MultiplyAdd(n, Choose<V, T>(-Ln2High32, -Ln2High64), x);
        return V.MultiplyAdd(n, Choose<V, T>(-Ln2Low32, -Ln2Low64), high);
    }

    /// <summary>e^r for |r| up to ln(2) / 2: error 3.6e-9 (float32), 5.4e-18 (float64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpReduced<V, T>(V r)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V p;
        if (V.IsDouble)
        {
            p = V.MultiplyAdd(V.Constant(2.4978138095619992e-08), r, V.Constant(2.7625187069512014e-07));
            p = V.MultiplyAdd(p, r, V.Constant(2.75576416422706e-06));
            p = V.MultiplyAdd(p, r, V.Constant(2.480150867788909e-05));
            p = V.MultiplyAdd(p, r, V.Constant(0.0001984126946528538));
            p = V.MultiplyAdd(p, r, V.Constant(0.001388888892680169));
            p = V.MultiplyAdd(p, r, V.Constant(0.008333333333500522));
            p = V.MultiplyAdd(p, r, V.Constant(0.041666666666603944));
            p = V.MultiplyAdd(p, r, V.Constant(0.16666666666666433));
        }
        else
        {
            p = V.MultiplyAdd(V.Constant(0.0013862939085811377), r, V.Constant(0.00836742389947176));
            p = V.MultiplyAdd(p, r, V.Constant(0.04166724532842636));
            p = V.MultiplyAdd(p, r, V.Constant(0.16666534543037415));
        }

        p = V.MultiplyAdd(p, r, V.Constant(0.5));
        p = V.MultiplyAdd(p, r, V.Constant(1.0));
        return V.MultiplyAdd(p, r, V.Constant(1.0));
    }

    /// <summary>
    /// k ln 2 + ln(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)): error of ln(1 + f) 6.0e-9. Without division, which OpenCL does not
    /// round correctly in float32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogSingle<V, T>(V f, V k)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V p = V.MultiplyAdd(V.Constant(-0.07635126262903214), f, V.Constant(0.12761510908603668));
        p = V.MultiplyAdd(p, f, V.Constant(-0.131595641374588));
        p = V.MultiplyAdd(p, f, V.Constant(0.14201606810092926));
        p = V.MultiplyAdd(p, f, V.Constant(-0.16623418033123016));
        p = V.MultiplyAdd(p, f, V.Constant(0.2000124305486679));
        p = V.MultiplyAdd(p, f, V.Constant(-0.2500081956386566));
        p = V.MultiplyAdd(p, f, V.Constant(0.3333333134651184));
        p = V.MultiplyAdd(p, f, V.Constant(-0.5));

        // The small terms first, f next, the exact k ln2High last.
        V small = V.MultiplyAdd(p, f * f, k * V.Constant(Ln2Low32));
        return V.MultiplyAdd(k, V.Constant(Ln2High32), f + small);
    }

    /// <summary>
    /// k ln 2 + ln(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)), from ln(1 + f) = 2 artanh(s), s = f / (2 + f), written so that f
    /// itself is added exactly: error of ln(1 + f) 1.3e-18.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogDouble<V, T>(V f, V k)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V s = f / (V.Constant(2.0) + f);
        V z = s * s;
        V p = V.MultiplyAdd(V.Constant(0.1479548127118432), z, V.Constant(0.1531410032739486));
        p = V.MultiplyAdd(p, z, V.Constant(0.18183562249289495));
        p = V.MultiplyAdd(p, z, V.Constant(0.22222198616107222));
        p = V.MultiplyAdd(p, z, V.Constant(0.2857142874193373));
        p = V.MultiplyAdd(p, z, V.Constant(0.39999999999416935));
        p = V.MultiplyAdd(p, z, V.Constant(0.6666666666666734));

        V halfSquare = V.Constant(0.5) * f * f;
        V small = V.MultiplyAdd(s, V.MultiplyAdd(p, z, halfSquare), k * V.Constant(Ln2Low64));
        return V.MultiplyAdd(k, V.Constant(Ln2High64), f - (halfSquare - small));
    }

    /// <summary>(tanh(x) / x - 1) / x^2 from z = x^2 for |x| up to 0.625: error of tanh 4.5e-9 (float32), 1.1e-17 (float64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TanhQuotient<V, T>(V z)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        if (V.IsDouble)
        {
            V p = V.MultiplyAdd(V.Constant(-1.6071283189946132e-05), z, V.Constant(7.714149955353734e-05));
            p = V.MultiplyAdd(p, z, V.Constant(-0.0002285614529780694));
            p = V.MultiplyAdd(p, z, V.Constant(0.0005863150425644924));
            p = V.MultiplyAdd(p, z, V.Constant(-0.0014549583740472995));
            p = V.MultiplyAdd(p, z, V.Constant(0.0035919890653372676));
            p = V.MultiplyAdd(p, z, V.Constant(-0.008863220987746208));
            p = V.MultiplyAdd(p, z, V.Constant(0.021869487574838354));
            p = V.MultiplyAdd(p, z, V.Constant(-0.053968253931207286));
            p = V.MultiplyAdd(p, z, V.Constant(0.13333333333261949));
            return V.MultiplyAdd(p, z, V.Constant(-0.33333333333332854));
        }

        V q = V.MultiplyAdd(V.Constant(-0.005697598680853844), z, V.Constant(0.020631814375519753));
        q = V.MultiplyAdd(q, z, V.Constant(-0.05373726785182953));
        q = V.MultiplyAdd(q, z, V.Constant(0.1333141028881073));
        return V.MultiplyAdd(q, z, V.Constant(-0.3333328068256378));
    }

    /// <summary>
    /// sin^2(pi w) / w^2 from z = w^2 for |w| up to 1/4: error 2.9e-8 (float32), 6.4e-17 (float64), which is that of rounding pi^2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinSquaredQuotient<V, T>(V z)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        if (V.IsDouble)
        {
            V p = V.MultiplyAdd(V.Constant(-0.13534854714123723), z, V.Constant(0.8564865431327389));
            p = V.MultiplyAdd(p, z, V.Constant(-3.951722400478903));
            p = V.MultiplyAdd(p, z, V.Constant(13.213126765692973));
            p = V.MultiplyAdd(p, z, V.Constant(-30.12232065471862));
            p = V.MultiplyAdd(p, z, V.Constant(42.728408603052884));
            p = V.MultiplyAdd(p, z, V.Constant(-32.46969701133309));
            return V.MultiplyAdd(p, z, V.Constant(9.869604401089358));
        }

        V q = V.MultiplyAdd(V.Constant(10.409945487976074), z, V.Constant(-29.811925888061523));
        q = V.MultiplyAdd(q, z, V.Constant(42.7166862487793));
        q = V.MultiplyAdd(q, z, V.Constant(-32.46955108642578));
        return V.MultiplyAdd(q, z, V.Constant(9.869604110717773));
    }
}
