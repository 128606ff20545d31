namespace FusionKernels;

/// <summary>What the nodes of <see cref="GraphAlignment"/> make of their neighbours.</summary>
public enum GraphEncoder
{
    /// <summary>A graph convolution over all nodes: one weight for neighbours and partners (Kipf and Welling 2017).</summary>
    Convolution,

    /// <summary>Attention over neighbours and partners (Veličković et al. 2018).</summary>
    Attention,

    /// <summary>Weights of their own for each kind of node and of edge; the last layer hears neighbours alone (Schlichtkrull et al. 2018).</summary>
    Heterogeneous,
}
