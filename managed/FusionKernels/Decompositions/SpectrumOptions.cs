namespace FusionKernels;

/// <summary>How an eigenvalue or singular value problem is solved.</summary>
public record class SpectrumOptions : ExecutionOptions
{
    /// <summary>The largest values that are wanted; null (the default) for all.</summary>
    public int? Count { get; init; }

    /// <summary>Whether vectors are wanted beside the values; they are by default.</summary>
    public bool Vectors { get; init; } = true;
}
