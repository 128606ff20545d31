namespace FusionKernels;

/// <summary>Tests of canonical correlations under normality, on all of them whatever number of components is kept.</summary>
public sealed class CanonicalSignificance
{
    internal CanonicalSignificance(IReadOnlyList<double> correlations, long rows, int rankX, int rankY) =>
        (Correlations, Rows, XRank, YRank) = (correlations, rows, rankX, rankY);

    /// <summary>The correlations.</summary>
    public IReadOnlyList<double> Correlations { get; }

    /// <summary>Rows.</summary>
    public long Rows { get; }

    /// <summary>Rank of the first view.</summary>
    public int XRank { get; }

    /// <summary>Rank of the second view.</summary>
    public int YRank { get; }
}
