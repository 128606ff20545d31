namespace FusionKernels;

/// <content>The options under which results are those of other libraries.</content>
public partial record class DtwOptions
{
    /// <summary>dtaidistance 2: squared costs, the root at the end.</summary>
    /// <remarks>
    /// Its max_step is a <see cref="WarpingWindow.Custom"/> of the pairs that are at most so far apart; its max_dist, above which it gives up,
    /// is a comparison with the result. Its path ignores the penalty where ours minimises it.
    /// </remarks>
    /// <param name="window">Its window: the pointwise distance is 1; null or 0 for none.</param>
    /// <param name="psi">Its psi, in its order: begin and end of x, begin and end of y; one number is <see cref="WarpingEnds.Relaxed"/>.</param>
    /// <param name="penalty">Its penalty, which is squared as costs are; 0 or more.</param>
    /// <param name="euclidean">Its <c>inner_dist='euclidean'</c>: costs are not squared, and no root is taken.</param>
    /// <param name="maxLengthDifference">Its max_length_diff: the distance of series whose lengths differ by more is infinite; null for no such limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window, the penalty or the difference is negative.</exception>
    public static DtwOptions Dtaidistance(int? window = null, WarpingEnds psi = default, double penalty = 0, bool euclidean = false, int? maxLengthDifference = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(penalty);
        return new()
        {
            Cost = euclidean ? PointCost.Euclidean : PointCost.SquaredEuclidean,
            Window = window is null or 0 && maxLengthDifference is null ? WarpingWindow.None
                : LibraryWindows.Dtaidistance(window is null or 0 ? int.MaxValue : window.Value, maxLengthDifference),
            Ends = psi,
            Penalty = euclidean ? penalty : penalty * penalty,
        };
    }

    /// <summary>tslearn 0.9: squared costs, the root at the end, series of several channels as vectors.</summary>
    /// <param name="sakoeChibaRadius">Its Sakoe-Chiba radius; null for none.</param>
    /// <param name="itakuraMaxSlope">Its Itakura slope; null for none.</param>
    /// <exception cref="ArgumentException">Both are given, as there, or one is out of its range.</exception>
    public static DtwOptions Tslearn(int? sakoeChibaRadius = null, double? itakuraMaxSlope = null)
    {
        if (sakoeChibaRadius is not null && itakuraMaxSlope is not null) throw new ArgumentException("a radius and a slope exclude each other: give one of them", nameof(itakuraMaxSlope));
        return new()
        {
            Window = sakoeChibaRadius is { } radius ? LibraryWindows.Tslearn(radius)
                : itakuraMaxSlope is { } slope ? LibraryWindows.TslearnItakura(slope)
                : WarpingWindow.None,
        };
    }

    /// <summary>aeon 1: squared costs and no root, series of several channels as vectors.</summary>
    /// <param name="window">Its window, a fraction of the shorter length; null for none.</param>
    /// <param name="itakuraMaxSlope">Its Itakura slope, a fraction of the shorter length, for series of one length; it comes before the window, as there.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside 0 to 1.</exception>
    public static DtwOptions Aeon(double? window = null, double? itakuraMaxSlope = null) => new()
    {
        Root = false,
        Window = itakuraMaxSlope is { } slope ? LibraryWindows.AeonItakura(slope)
            : window is { } fraction ? LibraryWindows.Aeon(fraction)
            : WarpingWindow.None,
    };

    /// <summary>The dtw package of R, and dtw-python: Euclidean costs, no root; equal sums are preferred in the order of its step patterns.</summary>
    /// <remarks>
    /// The first pair always costs its point cost once. dtw-python counts from 0 in the windows that R counts from 1, so that for
    /// different lengths <see cref="WarpingWindow.Slanted"/> and <see cref="LibraryWindows.RItakura"/> are R's.
    /// </remarks>
    /// <param name="step">Its step pattern; null for symmetric2, the default there.</param>
    /// <param name="window">None, <see cref="LibraryWindows.RSakoeChiba"/>, <see cref="WarpingWindow.Slanted"/> or <see cref="LibraryWindows.RItakura"/>; null for none.</param>
    /// <param name="openBegin">Whether x may begin anywhere in y.</param>
    /// <param name="openEnd">Whether x may end anywhere in y.</param>
    /// <exception cref="ArgumentException">An end is open and the pattern is not normalised by the length of x: R refuses an open begin, and picks an open end by another number than the sum.</exception>
    public static DtwOptions RDtw(StepPattern? step = null, WarpingWindow? window = null, bool openBegin = false, bool openEnd = false)
    {
        step ??= StepPattern.Symmetric2;
        if ((openBegin || openEnd) && step.Normalization != StepNormalization.X)
        {
            throw new ArgumentException($"an open end goes with a step pattern that is normalised by the length of x, such as asymmetric; '{step}' is not", nameof(step));
        }

        return new()
        {
            Cost = PointCost.Euclidean,
            Step = StepPattern.WithLeftFirst(step),
            Window = window ?? WarpingWindow.None,
            Ends = new(0, 0, openBegin ? int.MaxValue : 0, openEnd ? int.MaxValue : 0),
        };
    }

    /// <summary>librosa 0.10 and 0.11: Euclidean costs, no root; series are time x channels here, features x time there.</summary>
    /// <remarks>Its additive weights have no counterpart; its steps and multiplicative weights are a <see cref="StepPattern"/>.</remarks>
    /// <param name="subsequence">Whether x may lie anywhere in y. librosa exchanges the series where x is the longer one; give the shorter one as x.</param>
    /// <param name="globalConstraints">Whether the band is applied.</param>
    /// <param name="bandRadius">Its band radius, a fraction of the shorter length.</param>
    /// <param name="step">Its steps and weights; null for (1, 1), (0, 1), (1, 0) of weight 1, the default there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is outside 0 to 1.</exception>
    public static DtwOptions Librosa(bool subsequence = false, bool globalConstraints = false, double bandRadius = 0.25, StepPattern? step = null) => new()
    {
        Cost = PointCost.Euclidean,
        Step = StepPattern.WithLeftFirst(step ?? StepPattern.Symmetric1),
        Window = globalConstraints ? LibraryWindows.Librosa(bandRadius) : WarpingWindow.None,
        Ends = subsequence ? WarpingEnds.Subsequence : WarpingEnds.Closed,
    };
}
