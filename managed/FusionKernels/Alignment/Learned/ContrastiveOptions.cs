namespace FusionKernels;

/// <summary>How two towers are fitted.</summary>
public sealed record class ContrastiveOptions : LearnedOptions
{
    /// <summary>Batches of 128 rows.</summary>
    public ContrastiveOptions() => BatchSize = 128;

    /// <summary>Features of the common space, 1 or more; 64 by default.</summary>
    public int Components { get; init; } = 64;

    /// <summary>The loss; <see cref="ContrastiveLoss.InfoNce"/> by default.</summary>
    public ContrastiveLoss Loss { get; init; }

    /// <summary>The factor of cosines at the start, 1 to 100, learned from there on; null (the default) for 1 / 0.07 with InfoNCE and 10 with SigLIP.</summary>
    public double? Scale { get; init; }

    /// <summary>The class of each row: rows of one class belong together, not a row and its partner alone; null (the default) for pairs.</summary>
    public IReadOnlyList<int>? Labels { get; init; }
}
