namespace FusionKernels;

/// <summary>How an incomplete Cholesky factor is computed.</summary>
public record class IncompleteCholeskyOptions : ExecutionOptions
{
    /// <summary>
    /// Columns of the matrix that are computed at a time; 8 by default. With 1 every pivot is the row of the largest residual;
    /// with more, one whose residual is at least half of it, at a fraction of the time.
    /// </summary>
    public int PivotsAtOnce { get; init; } = 8;
}
