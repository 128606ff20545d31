using System.Numerics;

namespace FusionKernels;

/// <content>Canonical correlation.</content>
public static partial class Loss
{
    /// <summary>Minus the canonical correlation of two views, as the objective sums it up: the loss of deep canonical correlation (Andrew et al. 2013).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features of the first view.</param>
    /// <param name="b">rows x features of the second view; as many rows.</param>
    /// <param name="options">The objective, the ridge, running covariances; null for the defaults.</param>
    /// <exception cref="ArgumentException">Rows differ, or there are no more of them than twice the features of the wider view and no running covariance stands in: correlations of so few rows are near 1 whatever the views.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options is out of range.</exception>
    /// <exception cref="NumericalException">A covariance is not positive definite; a larger ridge helps.</exception>
    /// <remarks>
    /// With S = L Lᵀ for each view, correlations are the singular values of T = L1⁻¹ S12 L2⁻ᵀ; with G the objective's gradient with
    /// respect to T, those with respect to the covariances are L1⁻ᵀ G L2⁻¹, -1/2 L1⁻ᵀ G Tᵀ L1⁻¹ and -1/2 L2⁻ᵀ Tᵀ G L2⁻¹: no derivative of
    /// an eigenvector is taken. Covariances are products where the views lie; what follows is float64 on the host, of d³ operations.
    /// </remarks>
    public static Var<T> CanonicalCorrelation<T>(Var<T> a, Var<T> b, CorrelationLossOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        if (!(options.Ridge > 0 && double.IsFinite(options.Ridge))) throw new ArgumentOutOfRangeException(nameof(options), options.Ridge, "the ridge must be a finite number above 0");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 1, nameof(options));
        if (!Enum.IsDefined(options.Objective)) throw new ArgumentOutOfRangeException(nameof(options), options.Objective, "a known objective is needed");
        Node<T> left = a.Node, right = b.NodeOn(a.Tape);
        if (left.Rank != 2 || right.Rank != 2 || left.Rows != right.Rows)
        {
            throw new ArgumentException($"CanonicalCorrelation: the views are {Tape<T>.ShapeOf(left)} and {Tape<T>.ShapeOf(right)}: rows x features with as many rows are needed");
        }

        int widest = Math.Max(left.Columns, right.Columns);
        if (left.Rows < 2 || (options.Running is null && left.Rows <= 2 * widest))
        {
            throw new ArgumentException($"CanonicalCorrelation: a batch of {left.Rows} rows is too small for {widest} features: more than {2 * widest} rows are needed, or a running covariance");
        }

        return CorrelationOperation<T>.Record(a - a.Mean(0), b - b.Mean(0), options);
    }
}
