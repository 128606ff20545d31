namespace FusionKernels;

/// <summary>How attention is computed.</summary>
public enum AttentionRoute
{
    /// <summary>Whichever the shape is computed faster by, as measured.</summary>
    Auto,

    /// <summary>Block by block of keys with an online softmax: no weights are stored.</summary>
    Fused,

    /// <summary>Scores of whole rows by a matrix product, their softmax, and a second product.</summary>
    Unfused,
}
