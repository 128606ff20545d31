using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>A soft alignment: the sum over all alignments of the product of what their pairs weigh. Immutable.</summary>
/// <param name="Factor">What a pair weighs.</param>
/// <param name="Unit">The squared distance over which a pair's e^-cost falls by half.</param>
/// <param name="Window">Which pairs may be matched: a range of columns for every row.</param>
/// <param name="SkipsMissing">Whether a missing sample (NaN) costs nothing, channel by channel.</param>
internal sealed record SoftProblem(SoftFactor Factor, double Unit, WarpingWindow Window, bool SkipsMissing)
{
    /// <summary>Operations of one cell, counted from <see cref="SoftForward{V, T, TFactor}"/>, beside 3 for every channel.</summary>
    public const int OperationsPerCell = 25;

    /// <summary>Soft dynamic time warping with squared costs: the value is <see cref="Unit"/> times the table's.</summary>
    /// <param name="gamma">The smoothing, above 0.</param>
    /// <param name="window">Which pairs may be matched.</param>
    /// <param name="skipsMissing">Whether a missing sample costs nothing.</param>
    public static SoftProblem SoftDtw(double gamma, WarpingWindow window, bool skipsMissing = false) => new(SoftFactor.Exponential, gamma * VectorMath.Ln2, window, skipsMissing);

    /// <summary>The global alignment kernel: its logarithm is -ln 2 times the table's value.</summary>
    /// <param name="sigma">The bandwidth of the local kernel, above 0.</param>
    /// <param name="window">Which pairs may be matched.</param>
    /// <param name="skipsMissing">Whether a missing sample costs nothing.</param>
    public static SoftProblem GlobalAlignment(double sigma, WarpingWindow window, bool skipsMissing = false) => new(SoftFactor.GlobalAlignment, 2 * sigma * sigma * VectorMath.Ln2, window, skipsMissing);

    /// <summary>The error where a window leaves no path.</summary>
    public static ArgumentException NothingToDifferentiate(int rows, int columns) =>
        new($"the window leaves no path between series of {rows} and {columns} samples, so there is nothing to differentiate: widen it");
}
