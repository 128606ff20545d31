namespace FusionKernels.Tests.Simd;

/// <summary>The elementary functions in float64, exact enough to judge float32, and the error of a float32 against them.</summary>
internal static class SingleOracle
{
    private const double JustInfinite = 3.402823669209385e38; // 2^128

    public static Func<double, double> Of(ElementaryFunction function) => function switch
    {
        ElementaryFunction.Exp => Math.Exp,
        ElementaryFunction.Log => Math.Log,
        ElementaryFunction.Tanh => Math.Tanh,
        ElementaryFunction.SinSquaredPi => SinSquaredPi,
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>The largest error among results, and the argument of it.</summary>
    public static (double Error, float At) Worst(ElementaryFunction function, ReadOnlySpan<float> arguments, ReadOnlySpan<float> computed)
    {
        Func<double, double> exact = Of(function);
        (double Error, float At) worst = default;
        for (int i = 0; i < arguments.Length; i++)
        {
            double error = Ulps(computed[i], exact(arguments[i]));
            if (error > worst.Error) worst = (error, arguments[i]);
        }

        return worst;
    }

    /// <summary>The error in units in the last place of the exact value; infinite where one is NaN and the other is not.</summary>
    public static double Ulps(float computed, double exact)
    {
        if (double.IsNaN(exact) || float.IsNaN(computed)) return double.IsNaN(exact) && float.IsNaN(computed) ? 0 : double.PositiveInfinity;

        // Infinity counts as the number after the largest, so that overflow is judged like any rounding.
        double got = Math.Clamp(computed, -JustInfinite, JustInfinite);
        double wanted = Math.Clamp(exact, -JustInfinite, JustInfinite);
        if (got == wanted) return 0; // of most numbers: exp is 0 or infinite, tanh is 1 or the number itself
        int binade = wanted == 0 ? -126 : Math.Clamp(Math.ILogB(wanted), -126, 127);
        return Math.ScaleB(Math.Abs(got - wanted), 23 - binade);
    }

    private static double SinSquaredPi(double x)
    {
        double sine = Math.Sin(Math.PI * (x - Math.Round(x)));
        return sine * sine;
    }
}
