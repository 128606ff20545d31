using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The errors of Gram input, in words.</summary>
internal static class GramChecks
{
    /// <summary>Throws where a non-finite element was found.</summary>
    public static void Finite(string name, (int Row, int Column) found, int firstFeature)
    {
        if (found.Row >= 0)
        {
            throw new ArgumentException(
                $"{name}[{found.Row}, {firstFeature + found.Column}] is not a finite number: remove the row, or ask for {nameof(NonFiniteInput)}.{nameof(NonFiniteInput.Propagate)}", name);
        }
    }

    /// <summary>Throws where a negative element was found.</summary>
    public static void NotNegative(string name, (int Row, int Column) found, int firstFeature)
    {
        if (found.Row >= 0)
        {
            throw new ArgumentException($"{name}[{found.Row}, {firstFeature + found.Column}] is negative: the chi-squared kernels compare histograms, whose features are 0 or more", name);
        }
    }

    /// <summary>The largest feature of which two can be added and subtracted after they were multiplied by a factor.</summary>
    public static double LargestFeature<T>(double factor)
        where T : unmanaged => Element.Rounded<T>(Math.Min(Element.Largest<T>(), Element.Largest<T>() / (2 * factor)));

    /// <summary>Throws where a feature above <see cref="LargestFeature"/> was found.</summary>
    public static void Bounded<T>(string operation, string name, (int Row, int Column) found, in GramOp kernel)
        where T : unmanaged
    {
        if (found.Row < 0) return;
        string what = kernel.Code == GramOpCode.Periodic ? "over the period is" : "is";
        throw new NumericalException(
            operation,
            $"{name}, row {found.Row}",
            $"feature {kernel.First + found.Column} {what} beyond half the range of {Element.NameOf<T>()}, so that differences overflow; scale the features{(typeof(T) == typeof(float) ? " or use float64" : "")}");
    }

    /// <summary>Centring and normalising need k among the columns' set, which a given rectangular matrix does not tell.</summary>
    public static void GivenAmongItself(in GramPlan plan)
    {
        if (!plan.Symmetric)
        {
            throw new ArgumentException(
                "a precomputed kernel of x against y cannot be centred or normalised, for its values among x and among y are not given: centre or normalise it before it is given");
        }
    }

    /// <summary>The error of a norm that the type cannot hold.</summary>
    public static NumericalException NormOverflow<T>(string operation, string name, int row)
        where T : unmanaged => new(
            operation, $"{name}, row {row}", $"its squared norm is beyond the range of {Element.NameOf<T>()}; scale the features{(typeof(T) == typeof(float) ? " or use float64" : "")}");

    /// <summary>Squared norms below this have lost digits to underflow: the smallest normal number over the precision.</summary>
    public static double SmallestNorm<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? 1.98e-31 : 1e-292;

    /// <summary>Whether a kernel of the program divides by the norms of those features, so that they must not vanish.</summary>
    public static bool DividesByNorms(GramProgram program, in GramOp kernel)
    {
        foreach (GramOp op in program.Ops)
        {
            if (op.Code == GramOpCode.Cosine && op.First == kernel.First && op.Features == kernel.Features) return true;
        }

        return false;
    }

    /// <summary>The error of a norm that vanishes in the type.</summary>
    public static NumericalException NormUnderflow<T>(string operation, string name, int row)
        where T : unmanaged => new(
            operation, $"{name}, row {row}", $"its squared norm vanishes in {Element.NameOf<T>()}, so that it has no direction; scale the features{(typeof(T) == typeof(float) ? " or use float64" : "")}");

    /// <summary>The error of a self-similarity that is too small to divide by.</summary>
    public static NumericalException NormaliseUnderflow<T>(string operation, int row, double similarity)
        where T : unmanaged => new(
            operation, $"row {row}", FormattableString.Invariant($"k(x, x) is {similarity:g3}, too small to normalise by in {Element.NameOf<T>()}; scale the features"));
}
