namespace FusionKernels;

/// <summary>What a row of a <see cref="FusionReport"/> is of.</summary>
public enum FusionReportKind
{
    /// <summary>What knows no view.</summary>
    Baseline,

    /// <summary>One view alone.</summary>
    SingleView,

    /// <summary>All views, fused.</summary>
    Fused,
}
