namespace FusionKernels;

/// <summary>How <see cref="KernelPca"/> is fitted.</summary>
public sealed record class KernelPcaOptions : KernelFactorOptions
{
    /// <summary>Components; 2 by default. Fewer come out where the numerical rank is smaller.</summary>
    public int Components { get; init; } = 2;
}
