namespace FusionKernels.Tests.Infrastructure;

/// <summary>Every tolerance of the test suite, with its reason.</summary>
internal static class Tolerances
{
    /// <summary>
    /// Largest error of a matrix product's element, relative to the same product of magnitudes: each of the depth + 3
    /// roundings (the sum's, alpha's, beta's and the last sum's) contributes at most half a unit in the last place, in any order
    /// of summation; doubled for the second roundings where multiply-add is not fused.
    /// </summary>
    public static double Product<T>(int depth) => (depth + 3) * (typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52));
}
