namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>What is computed over the pairs of a problem.</summary>
internal enum AttentionPass
{
    /// <summary>Outputs and log-sum-exps.</summary>
    Forward,

    /// <summary>Weights, from log-sum-exps.</summary>
    Weights,

    /// <summary>Gradients, from outputs and log-sum-exps.</summary>
    Backward,
}
