namespace FusionKernels;

/// <summary>How two towers are taught what belongs together.</summary>
public enum ContrastiveLoss
{
    /// <summary>Cross-entropy of finding a row's partner in the batch, both ways (Radford et al. 2021).</summary>
    InfoNce,

    /// <summary>Binary cross-entropy of each two rows of the batch (Zhai et al. 2023).</summary>
    SigLip,
}
