namespace FusionKernels;

/// <summary>How a matrix of distances is written to a file.</summary>
public sealed record class DtwFileOptions : DtwOptions
{
    /// <summary>Bytes of the block of rows that is computed, written and made durable at a time, above 0; 16 MiB by default. A block has one row at least.</summary>
    public long BlockBytes { get; init; } = 16 << 20;
}
