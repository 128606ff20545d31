namespace FusionKernels;

/// <summary>What becomes of features before kernels read them.</summary>
public enum ViewScaling
{
    /// <summary>Mean 0 and variance 1 over the training rows in which the view is present; a feature that does not vary is 0.</summary>
    ZScore,

    /// <summary>They stay as they are.</summary>
    None,
}
