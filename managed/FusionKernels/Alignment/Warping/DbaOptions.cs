namespace FusionKernels;

/// <summary>How a barycentre of dynamic time warping is searched.</summary>
public record class DbaOptions : BarycenterOptions
{
    /// <summary>The method.</summary>
    public DbaMethod Method { get; init; }

    /// <summary>What the random order of the subgradient method depends on; 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>The step of the subgradient method at first; .05 by default. It falls to <see cref="FinalStep"/> during the first pass over the members.</summary>
    public double InitialStep { get; init; } = 0.05;

    /// <summary>The step of the subgradient method after the first pass; .005 by default.</summary>
    public double FinalStep { get; init; } = 0.005;
}
