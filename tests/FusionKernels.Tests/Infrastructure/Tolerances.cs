namespace FusionKernels.Tests.Infrastructure;

/// <summary>Every tolerance of the test suite, with its reason.</summary>
internal static class Tolerances
{
    /// <summary>
    /// Largest errors of the elementary functions, in units in the last place of the exact result, over all arguments.
    /// The bounds in float32 were met by all 2^32 arguments.
    /// </summary>
    internal static class Ulps
    {
        /// <summary>float32, where a * b + c rounds once.</summary>
        public static readonly ElementaryUlps SingleFused = new(Exp: 1.0, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float32, where a * b + c rounds twice.</summary>
        public static readonly ElementaryUlps SingleUnfused = new(Exp: 1.3, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float64, where a * b + c rounds once.</summary>
        public static readonly ElementaryUlps DoubleFused = new(Exp: 1.0, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float64, where a * b + c rounds twice.</summary>
        public static readonly ElementaryUlps DoubleUnfused = new(Exp: 1.3, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);
    }

    /// <summary>
    /// Largest error of a matrix product's element, relative to the same product of magnitudes: each of the depth + 3
    /// roundings (the sum's, alpha's, beta's and the last sum's) contributes at most half a unit in the last place, in any order
    /// of summation; doubled for the second roundings where multiply-add is not fused.
    /// </summary>
    public static double Product<T>(int depth) => (depth + 3) * (typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52));
}
