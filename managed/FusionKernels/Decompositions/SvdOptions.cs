namespace FusionKernels;

/// <summary>How a singular value decomposition is computed.</summary>
public sealed record class SvdOptions : SpectrumOptions
{
    /// <summary>Whether U and V are square; they are thin by default. Excludes <see cref="SpectrumOptions.Count"/>.</summary>
    public bool Full { get; init; }
}
