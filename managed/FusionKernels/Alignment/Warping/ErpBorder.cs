namespace FusionKernels;

/// <summary>What edit distance with real penalty charges for samples left out at the begin.</summary>
public enum ErpBorder
{
    /// <summary>As much as for all samples of that series, as aeon does: the default.</summary>
    Total,

    /// <summary>The samples left out, as in the paper (Chen and Ng 2004): a metric.</summary>
    Cumulative,
}
