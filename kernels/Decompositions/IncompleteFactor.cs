namespace FusionKernels.Kernels.Decompositions;

/// <summary>A ≈ L Lᵀ by a few columns of A.</summary>
/// <param name="Lower">size x rank, row by row; row Pivots[j] is 0 beyond column j.</param>
/// <param name="Pivots">The columns of A that were taken, in order.</param>
/// <param name="Trace">The trace of A.</param>
/// <param name="RemainingTrace">The trace of A - L Lᵀ, which is positive semi-definite: an upper bound of its every norm.</param>
internal sealed record IncompleteFactor(double[] Lower, int[] Pivots, double Trace, double RemainingTrace)
{
    /// <summary>Columns of L.</summary>
    public int Rank => Pivots.Length;
}
