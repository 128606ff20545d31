using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;

namespace FusionKernels;

/// <content>Choosing a ridge from moments of folds.</content>
public sealed partial class CanonicalMoments
{
    /// <summary>Moments of folds in one pass: row i is in fold i mod folds.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="folds">Folds, 2 or more; each gets two rows at least.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <returns>One state per fold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or fewer than two rows in each.</exception>
    /// <inheritdoc cref="Accumulate{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)" path="/exception"/>
    public static IReadOnlyList<CanonicalMoments> OfFolds<T>(Tensor<T> x, Tensor<T> y, int folds, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CorrelationChecks.RequireAligned([x, y], ["x", "y"]);
        if (folds < 2 || folds > x.Lengths[0] / 2) throw new ArgumentOutOfRangeException(nameof(folds), folds, $"2 to {x.Lengths[0] / 2} folds of two rows or more are in {x.Lengths[0]} rows");
        CanonicalMoments[] result = new CanonicalMoments[folds];
        for (int fold = 0; fold < folds; fold++)
        {
            result[fold] = new((int)x.Lengths[1], (int)y.Lengths[1]);
            result[fold].Accumulate([x, y], fold, folds, 0, options);
        }

        return result;
    }

    /// <summary>
    /// The correlations of held-out folds for many ridges, from moments alone: each view's eigenvectors once per fold, then one
    /// small SVD per ridge.
    /// </summary>
    /// <param name="folds">Moments of two folds or more, of two views.</param>
    /// <param name="ridges">Ridges, each on both views; 0 or more.</param>
    /// <param name="options">Components that are scored (all by default), scaling, shrinkage; ridges of the options are not read.</param>
    /// <returns>The scores, and the best ridge; of equal ones, the largest.</returns>
    /// <exception cref="ArgumentException">There are fewer than two folds or no ridges, or views do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option or a ridge is out of its range.</exception>
    /// <exception cref="NumericalException">No column of a view varies outside some fold.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static RidgeScores CrossValidate(IReadOnlyList<CanonicalMoments> folds, IReadOnlyList<double> ridges, CanonicalCorrelationOptions? options = null)
    {
        const string operation = "CanonicalMoments.CrossValidate";
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(ridges);
        if (folds.Count < 2 || ridges.Count == 0) throw new ArgumentException($"{folds.Count} folds and {ridges.Count} ridges were given; two folds and one ridge at least are needed");
        CorrelationProblem problem = CorrelationChecks.Problem(options, operation);
        foreach (double ridge in ridges) CorrelationChecks.Problem(new() { Ridge = ridge }, operation);
        if (folds[0].Views != 2) throw new ArgumentException($"moments of {folds[0].Views} views; canonical correlation is of two: select them", nameof(folds));
        foreach (CanonicalMoments fold in folds) CorrelationChecks.RequireRows(fold.Rows);
        CorrelationChecks.RequireComponents(problem, folds[0].Features[0], folds[0].Features[1]);
        RidgePath path = new(new(CanonicalCorrelation.HostOf((options?.Device ?? HostExecution.Device).Engine), HostExecution.Settings(options, operation)), problem);
        double[][] scores = [.. ridges.Select(_ => new double[folds.Count])];
        for (int held = 0; held < folds.Count; held++)
        {
            (options?.Cancellation ?? default).ThrowIfCancellationRequested();
            CanonicalMoments training = new(folds[0].Features);
            for (int fold = 0; fold < folds.Count; fold++)
            {
                if (fold != held) training.Merge(folds[fold]);
            }

            double[] values = path.Scores(training.State, folds[held].State, ridges);
            for (int i = 0; i < values.Length; i++) scores[i][held] = values[i];
            options?.Progress?.Report((held + 1.0) / folds.Count);
        }

        return new(ridges, scores);
    }
}
