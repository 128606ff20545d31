namespace FusionKernels;

/// <summary>How <see cref="KernelCanonicalCorrelation"/> is fitted.</summary>
public sealed record class KernelCanonicalCorrelationOptions : KernelFactorOptions
{
    /// <summary>Components; 2 by default. Fewer come out where the numerical ranks are smaller.</summary>
    public int Components { get; init; } = 2;

    /// <summary>The regulariser; <see cref="KernelRegularizer.Hardoon"/> by default.</summary>
    public KernelRegularizer Regularizer { get; init; }

    /// <summary>kappa; 0.1 by default. At 0 a kernel of full rank correlates anything perfectly.</summary>
    public double Regularization { get; init; } = 0.1;
}
