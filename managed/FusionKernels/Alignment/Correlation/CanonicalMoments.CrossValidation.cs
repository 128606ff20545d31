using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Choosing a ridge from moments of folds.</content>
public sealed partial class CanonicalMoments
{
    private const string FoldsName = "CanonicalMoments.OfFolds";

    /// <summary>Moments of folds in one pass: row i is in fold i mod folds.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="folds">Folds, 2 or more; each gets two rows at least.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>One state per fold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or fewer than two rows in each.</exception>
    /// <inheritdoc cref="Accumulate{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)" path="/exception"/>
    public static IReadOnlyList<CanonicalMoments> OfFolds<T>(Tensor<T> x, Tensor<T> y, int folds, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CorrelationChecks.RequireAligned([x, y], ["x", "y"]);
        RequireFolds(folds, x.Lengths[0]);
        CanonicalMoments[] result = Empty(folds, [(int)x.Lengths[1], (int)y.Lengths[1]]);
        using Execution execution = Execution.Begin<T>(options, FoldsName);
        AccumulateFolds(result, [x, y], 0, quiet: (options ?? new()) with { Progress = null, Report = null }, options?.Progress);
        CompleteFolds<T>(execution, result);
        return result;
    }

    /// <summary>Moments of folds of two .npy matrices that need not fit into memory, in one pass: row i is in fold i mod folds.</summary>
    /// <param name="x">The first view's file: rows x features.</param>
    /// <param name="y">The second view's file.</param>
    /// <param name="folds">Folds, 2 or more; each gets two rows at least.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <inheritdoc cref="OfFolds(IReadOnlyList{string}, int, ExecutionOptions?)"/>
    public static IReadOnlyList<CanonicalMoments> OfFolds(string x, string y, int folds, ExecutionOptions? options = null) => OfFolds([x, y], folds, options);

    /// <summary>Moments of folds of .npy matrices that need not fit into memory, in one pass: row i is in fold i mod folds.</summary>
    /// <remarks>As <see cref="OfFiles(IReadOnlyList{string}, ExecutionOptions?)"/>, with one state, 8 columns^2 bytes, for each fold.</remarks>
    /// <param name="paths">One file per view: rows x features.</param>
    /// <param name="folds">Folds, 2 or more; each gets two rows at least.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>One state per fold.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds, or fewer than two rows in each.</exception>
    /// <inheritdoc cref="OfFiles(IReadOnlyList{string}, ExecutionOptions?)" path="/exception"/>
    public static IReadOnlyList<CanonicalMoments> OfFolds(IReadOnlyList<string> paths, int folds, ExecutionOptions? options = null) =>
        IsFloat32(paths) ? OfFolds<float>(paths, folds, options) : OfFolds<double>(paths, folds, options);

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
        using Execution execution = HostExecution.BeginBeside<double>(options, operation, hasKernel: false);
        RidgePath path = new(new((HostEngine)execution.Engine, execution.Parts), problem);
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

        int columns = folds[0].Features.Sum();
        execution.CompleteWhole<double>(
            $"{folds.Count} folds and {ridges.Count} ridges: eigenvectors of each view's covariance once a fold, one singular value decomposition a ridge",
            folds.Count * (1.0 + ridges.Count) * FlopsOfSolve(folds[0].Features[0], folds[0].Features[1]),
            16L * columns * columns);
        return new(ridges, scores);
    }

    private static CanonicalMoments[] OfFolds<T>(IReadOnlyList<string> paths, int folds, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ViewFiles<T> files = new(paths);
        RequireFolds(folds, files.Rows);
        CanonicalMoments[] result = Empty(folds, files.Columns);
        foreach (CanonicalMoments fold in result) paths.ToArray().CopyTo(fold._names, 0);
        using Execution execution = Execution.Begin<T>(options, FoldsName);
        files.Stream(options, (views, first, quiet) => AccumulateFolds(result, views, first, quiet, null));
        CompleteFolds<T>(execution, result);
        return result;
    }

    private static void RequireFolds(int folds, long rows)
    {
        if (folds < 2 || folds > rows / 2) throw new ArgumentOutOfRangeException(nameof(folds), folds, $"2 to {rows / 2} folds of two rows or more are in {rows} rows");
    }

    private static CanonicalMoments[] Empty(int folds, int[] widths) => [.. Enumerable.Range(0, folds).Select(_ => new CanonicalMoments(widths))];

    private static void CompleteFolds<T>(in Execution execution, CanonicalMoments[] folds)
        where T : unmanaged
    {
        double columns = folds[0].State.Features;
        execution.CompleteWhole<T>($"{folds.Length} folds, each a stride of the rows", folds.Sum(fold => (double)fold.Rows) * columns * (columns + 1), (long)(8 * (folds.Length + 1) * columns * columns));
    }

    /// <summary>Adds each fold's share of rows, of which the first has a number of its own.</summary>
    private static void AccumulateFolds<T>(CanonicalMoments[] folds, IReadOnlyList<Tensor<T>> views, long first, ExecutionOptions quiet, IProgress<double>? progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int fold = 0; fold < folds.Length; fold++)
        {
            int row = (int)((fold + folds.Length - (first % folds.Length)) % folds.Length);
            folds[fold].Accumulate(views, row, folds.Length, new RowNumbers(first + row, folds.Length), quiet);
            progress?.Report((fold + 1.0) / folds.Length);
        }
    }
}
