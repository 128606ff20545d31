using FusionKernels.Kernels.Correlation;

namespace FusionKernels;

/// <summary>What keeps the weights of one view sparse in <see cref="SparseCanonicalCorrelation"/>.</summary>
public sealed class SparsePenalty
{
    private readonly double _level;
    private readonly double _jumps;

    private SparsePenalty(bool isFused, double level, double jumps) => (IsFused, _level, _jumps) = (isFused, level, jumps);

    /// <summary>Whether neighbouring columns are pulled together.</summary>
    public bool IsFused { get; }

    /// <summary>The L1 norm of unit weights is at most fraction sqrt(columns), 1 at the least: PMD(L1, .) of the paper.</summary>
    /// <param name="fraction">Above 0, up to 1: no constraint.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of its range.</exception>
    public static SparsePenalty Lasso(double fraction = 0.3) => fraction is > 0 and <= 1
        ? new(false, fraction, 0)
        : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "the fraction must be above 0, and 1 at the most");

    /// <summary>For columns in an order: sparsity sum |u(j)| + smoothness sum |u(j) - u(j-1)| is subtracted, the fused lasso of the paper in its Lagrange form.</summary>
    /// <param name="sparsity">Factor of the sum of magnitudes, 0 or more; against products of correlations with unit weights.</param>
    /// <param name="smoothness">Factor of the sum of jumps, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative or not finite.</exception>
    public static SparsePenalty FusedLasso(double sparsity, double smoothness)
    {
        if (!(sparsity >= 0 && double.IsFinite(sparsity))) throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "the factor must be a finite number, 0 or more");
        if (!(smoothness >= 0 && double.IsFinite(smoothness))) throw new ArgumentOutOfRangeException(nameof(smoothness), smoothness, "the factor must be a finite number, 0 or more");
        return new(true, sparsity, smoothness);
    }

    /// <inheritdoc/>
    public override string ToString() => IsFused
        ? FormattableString.Invariant($"fused lasso(sparsity={_level}, smoothness={_jumps})")
        : FormattableString.Invariant($"lasso(fraction={_level})");

    /// <summary>As kernels take it, for so many columns.</summary>
    internal SparseConstraint Constraint(int columns) => new(IsFused, IsFused ? _level : Math.Max(1, _level * Math.Sqrt(columns)), _jumps);
}
