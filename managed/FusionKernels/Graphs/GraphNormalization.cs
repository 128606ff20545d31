namespace FusionKernels;

/// <summary>By what the weights of a graph are divided.</summary>
public enum GraphNormalization
{
    /// <summary>The roots of both nodes' degrees: D^-1/2 W D^-1/2.</summary>
    Symmetric,

    /// <summary>The same, after every node has been joined to itself with weight 1: the propagation of graph convolutions (Kipf and Welling 2017).</summary>
    SymmetricWithSelfLoops,

    /// <summary>The row's degree, D^-1 W: rows add up to 1.</summary>
    Row,
}
