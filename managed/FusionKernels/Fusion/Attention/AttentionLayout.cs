namespace FusionKernels;

/// <summary>The order of the dimensions of queries, keys, values and outputs.</summary>
public enum AttentionLayout
{
    /// <summary>batch x heads x length x width; of rank 3 heads x length x width.</summary>
    BatchHeadsLengthWidth,

    /// <summary>batch x length x heads x width; of rank 3 length x heads x width.</summary>
    BatchLengthHeadsWidth,
}
