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
}
