namespace FusionKernels.Bench;

/// <summary>What changes or masks the scores of an attention case.</summary>
internal enum AttentionMasking
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Later keys are masked.</summary>
    Causal,

    /// <summary>A dense mask of queries by keys keeps three pairs of four, drawn one by one.</summary>
    Dense,

    /// <summary>A bias of queries by keys is added.</summary>
    Bias,
}
