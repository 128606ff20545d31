namespace FusionKernels;

/// <summary>Which keys come after a query: how the positions of queries and keys are laid side by side.</summary>
public enum CausalAlignment
{
    /// <summary>Every query may attend to keys after it; query i stands at key position i.</summary>
    None,

    /// <summary>Query i stands at key i and attends to keys 0 to i: the mask of a training step (PyTorch's <c>is_causal</c>).</summary>
    TopLeft,

    /// <summary>The last query stands at the last key, query i at key i + keys - queries, keys counted to their length: the mask of decoding (FlashAttention from 2.1 on).</summary>
    BottomRight,
}
