namespace FusionKernels;

/// <summary>How a Gram matrix is written to a file.</summary>
public sealed record class GramFileOptions : GramOptions
{
    /// <summary>Bytes of the block of rows that is computed, written and made durable at a time, above 0; 64 MiB by default. A block has one row at least.</summary>
    public long BlockBytes { get; init; } = 64 << 20;
}
