namespace FusionKernels;

/// <summary>How queries, keys and values are stored while they are multiplied; sums, softmax, outputs and gradients are float32 always.</summary>
public enum AttentionStorage
{
    /// <summary>As they are.</summary>
    Element,

    /// <summary>IEEE binary16: 11 significant bits, magnitudes up to 65 504; larger ones become infinite and are refused.</summary>
    Float16,

    /// <summary>The upper half of a float32: 8 significant bits, its range.</summary>
    BFloat16,
}
