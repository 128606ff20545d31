namespace FusionKernels;

/// <content>Tests.</content>
public sealed partial class CanonicalCorrelation
{
    private readonly Lazy<(CanonicalSignificance? Tests, string? Reason)> _significance;

    /// <summary>Tests on all correlations under normality; null where they have no meaning, see <see cref="SignificanceNote"/>.</summary>
    public CanonicalSignificance? Significance => _significance.Value.Tests;

    /// <summary>Why there is no <see cref="Significance"/>; null where there is.</summary>
    public string? SignificanceNote => _significance.Value.Reason;

    private (CanonicalSignificance? Tests, string? Reason) SignificanceOf()
    {
        if (IsRegularised) return (null, "with a ridge or shrinkage the statistics have no known distribution: use a permutation test");
        if (Route == CorrelationRoute.Randomized) return (null, "the randomized route leaves out small correlations, and tests need all of them: ask for another route");
        if (Rows <= XRank + YRank)
        {
            return (null, $"{Rows} rows against ranks of {XRank} and {YRank} correlate perfectly whatever they hold: use more rows, fewer columns or a ridge");
        }

        return (new CanonicalSignificance(_solution.Correlations, Rows, XRank, YRank), null);
    }
}
