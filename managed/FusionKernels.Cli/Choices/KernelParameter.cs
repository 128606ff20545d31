namespace FusionKernels.Cli;

/// <summary>A parameter that some kernels take.</summary>
internal enum KernelParameter
{
    /// <summary>Scale of the inner product or of the distance.</summary>
    Gamma,

    /// <summary>Power of the polynomial.</summary>
    Degree,

    /// <summary>Constant beside the inner product.</summary>
    Coef0,

    /// <summary>Distance at which similarity has fallen off.</summary>
    LengthScale,

    /// <summary>Smoothness of the Matern kernel.</summary>
    Nu,

    /// <summary>Mixture of scales of the rational quadratic kernel.</summary>
    Alpha,

    /// <summary>Distance after which the periodic kernel repeats.</summary>
    Period,
}
