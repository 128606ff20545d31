using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Canonical correlation of two views or more, row by row of which some may be missing: MCCA (SUMCOR) and GCCA (MAXVAR).</summary>
/// <remarks>
/// <para>SUMCOR solves C w = lambda D w, C the covariances of all views and D those within views: variates whose covariances
/// add up to the most. MAXVAR finds scores that the rows share and every view predicts: the eigenvectors of the sum of the views'
/// projections. Without ridge and missing views both have the same eigenvalues and variates; of two views they are 1 + r and 1 - r.</para>
/// <para>Missing: a row counts with the views that it has. Under MAXVAR its shared scores are fitted to those, and it weighs as much as
/// any other; under SUMCOR a pair of views is compared over the rows that have both. Means and variances of a view are those of the rows
/// that have it. What stands in an absent cell, NaN included, is never read.</para>
/// <para>Variates and shared scores have unit variance (ddof 1) over the training rows, shared ones weighted by the views of a row. Sign:
/// the weight of largest magnitude in the first view's column, in standard deviations where columns are scaled, is positive. Directions below a relative tolerance of the
/// view's correlations are left out, constant columns weigh 0.</para>
/// <para>Runs on the host in float64. Cost: 2 rows (sum of columns)^2 operations, twice that under MAXVAR with missing views, and an eigenproblem of
/// the size of all columns. Memory: (sum of columns)^2 numbers and a chunk of rows. The same bits for any number of threads.
/// Immutable and thread-safe.</para>
/// </remarks>
public sealed partial class MultiviewCorrelation
{
    private const string FitName = "MultiviewCorrelation.Fit";
    private readonly double[][] _means;
    private readonly DenseMatrix[] _weights;
    private readonly DenseMatrix[] _shares;
    private readonly double[][] _deviations;
    private readonly int[] _ranks;
    private readonly long[] _presentRows;
    private readonly int[] _offsets;

    /// <summary>By view: covariances of the columns of all views, below each other, with the view's variates, over the rows that have both.</summary>
    private DenseMatrix[] _covariances = [];

    private MultiviewCorrelation(MultiviewObjective objective, long[] presentRows, double[][] means, double[][] deviations, int[] ranks, double[] eigenvalues, DenseMatrix[] weights, DenseMatrix[] shares)
    {
        Objective = objective;
        _presentRows = presentRows;
        (_means, _deviations, _ranks) = (means, deviations, ranks);
        (_weights, _shares) = (weights, shares);
        _offsets = MultiviewMoments.OffsetsOf([.. means.Select(mean => mean.Length)]);
        Eigenvalues = eigenvalues;
        MeanCorrelations = new double[eigenvalues.Length];
    }

    /// <summary>What was maximised.</summary>
    public MultiviewObjective Objective { get; }

    /// <summary>Views.</summary>
    public int Views => _weights.Length;

    /// <summary>Components; at most what was asked for.</summary>
    public int Components => _weights[0].Columns;

    /// <summary>By component, in descending order: between 0 and the number of views, which all views equal would reach; beyond it only where pairs share other rows than views have.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>By component: the mean over all pairs of views of the covariance of their variates, over the rows that have both; the mean correlation where no view is missing.</summary>
    public IReadOnlyList<double> MeanCorrelations { get; private set; }

    /// <summary>By view: the numerical rank of its columns.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>By view: training rows that have it.</summary>
    public IReadOnlyList<long> PresentRows => _presentRows;

    /// <summary>The shared scores of the training rows, rows x components; null where the model comes from moments or a file, which hold no rows.</summary>
    public Tensor<double>? SharedScores { get; private set; }

    /// <summary>A copy of a view's weights: columns x components; (row - mean) weights is the view's variate.</summary>
    /// <param name="view">The view's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    public Tensor<double> Weights(int view)
    {
        RequireView(view);
        return Tensor.Create((double[])_weights[view].Elements.Clone(), [_weights[view].Rows, Components]);
    }

    /// <summary>A copy of a view's means over the training rows that have it.</summary>
    /// <param name="view">The view's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    public double[] Means(int view)
    {
        RequireView(view);
        return (double[])_means[view].Clone();
    }

    /// <summary>Fits.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="views">Two views or more: rows x columns each, row i of all the same thing.</param>
    /// <param name="options">Objective, components, ridge, missing views; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">There are fewer than two views, their rows differ in number, a view has less than two rows or no varying column, an element that is there is not finite (its place is named), a row has no view, the mask does not fit, or components exceed the columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Components are below 1, the ridge is negative or not finite, or the shrinkage is outside of 0 to 1.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the options name a device that is no host.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The host has no room.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static MultiviewCorrelation Fit<T>(IReadOnlyList<Tensor<T>> views, MultiviewCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{FitName}: views are of float or double; convert the {typeof(T).Name} tensors first");
        using Execution execution = HostExecution.Begin<T>(options, FitName);
        HostEngine engine = (HostEngine)execution.Engine;
        RunSettings settings = execution.Parts;
        IRowView[] rows = [.. views.Select((view, v) => new TensorView<T>(view ?? throw new ArgumentNullException(nameof(views), $"view {v} is null"), $"views[{v}]"))];
        RequireRows(rows);
        RequireOptions([.. rows.Select(view => view.Columns)], options);
        MultiviewCorrelation model = HostArray.Within(FitName, () => Fit<T>(rows, options, engine, settings));
        model.Complete<T>(execution, rows[0].Rows);
        return model;
    }

    /// <summary>Fits to moments of two views or more, with no pass over rows: as to the rows themselves, to rounding, but for <see cref="SharedScores"/>, which are null.</summary>
    /// <param name="moments">The moments; they stay as they are.</param>
    /// <param name="options">Objective, components, ridge; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">The moments are of fewer than two views or rows, a view has no varying column, components exceed the columns, or the options hold a mask, which needs the rows.</exception>
    /// <inheritdoc cref="Fit{T}(IReadOnlyList{Tensor{T}}, MultiviewCorrelationOptions?)" path="/exception[not(@cref='T:System.ArgumentException')]"/>
    public static MultiviewCorrelation Fit(CanonicalMoments moments, MultiviewCorrelationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(moments);
        options ??= new();
        using Execution execution = HostExecution.Begin<double>(options, FitName);
        HostEngine engine = (HostEngine)execution.Engine;
        RunSettings settings = execution.Parts;
        RequireOptions(moments.Features, options);
        CorrelationChecks.RequireRows(moments.Rows);
        if (options.Presence is not null) throw new ArgumentException("a presence mask needs the rows, which moments no longer hold: fit the tensors", nameof(options));
        MultiviewCorrelation fitted = HostArray.Within(FitName, () =>
        {
            DenseAlgebra algebra = new(engine, settings);
            MultiviewMoments state = new(moments.State);
            MultiviewCorrelation model = Solve(algebra, state, moments.State.Precision, options);
            model.Complete(algebra, state, model.SharedVariances(algebra, state));
            return model;
        });
        fitted.Complete<double>(execution, rows: 0);
        return fitted;
    }

    private static MultiviewCorrelation Fit<T>(IRowView[] rows, MultiviewCorrelationOptions options, HostEngine engine, RunSettings settings)
        where T : unmanaged
    {
        bool[][] present = ViewPresence.Split(options.Presence, rows[0].Rows, [.. rows.Select(_ => true)]);
        MultiviewMoments moments = new(engine, rows, present, options.Objective == MultiviewObjective.MaxVar, settings);
        DenseAlgebra algebra = new(engine, settings);
        MultiviewCorrelation model = Solve(algebra, moments, Epsilon.Of<T>(), options);
        DenseMatrix scores = model.Shared(engine, rows, present, rows[0].Rows, settings with { Progress = null });
        double[] variances = SharedVariances(scores, moments.ViewsOfRow);
        model.Complete(algebra, moments, variances);
        for (int k = 0; k < variances.Length; k++) ScaleColumn(scores, k, Inverse(variances[k]));
        model.SharedScores = Tensor.Create(scores.Elements, [scores.Rows, scores.Columns]);
        return model;
    }

    /// <summary>The model up to the scale of its scores and variates.</summary>
    private static MultiviewCorrelation Solve(in DenseAlgebra algebra, MultiviewMoments moments, double epsilon, MultiviewCorrelationOptions options)
    {
        ViewWhitening[] whitenings = new ViewWhitening[moments.Means.Length];
        for (int v = 0; v < whitenings.Length; v++) whitenings[v] = Whiten(algebra, moments, v, epsilon, options);
        MultiviewSolver solved = MultiviewSolver.Solve(algebra, moments, whitenings, options.Objective == MultiviewObjective.MaxVar, options.Components);
        MultiviewCorrelation model = new(
            options.Objective,
            [.. whitenings.Select((_, view) => moments.Counts[view, view])],
            moments.Means,
            [.. whitenings.Select(view => view.Deviations)],
            [.. whitenings.Select(view => view.Rank)],
            solved.Eigenvalues,
            [.. solved.Directions.Select(share => share.Copy())],
            solved.Directions);
        model.FixSigns(options.Scale);
        return model;
    }

    private static ViewWhitening Whiten(in DenseAlgebra algebra, MultiviewMoments moments, int view, double epsilon, MultiviewCorrelationOptions options)
    {
        if (moments.Counts[view, view] < 2) throw new ArgumentException($"views[{view}] is there in {moments.Counts[view, view]} rows: two at least are needed", nameof(view));
        ViewWhitening whitening = ViewWhitening.Of(algebra, moments.Covariance(view), moments.Means[view], options.Ridge, options.Shrinkage, options.Scale, epsilon);
        return whitening.Directions > 0 ? whitening : throw new ArgumentException($"views[{view}] has no column that varies", nameof(view));
    }

    /// <summary>Tells what ran: the covariances of rows, where there are any, and an eigenproblem of all columns.</summary>
    private void Complete<T>(in Execution execution, int rows)
        where T : unmanaged
    {
        double columns = _offsets[^1];
        execution.CompleteWhole<T>(
            $"{Objective} of {Views} views: {(rows > 0 ? "covariances of all columns, then " : "from moments, ")}an eigenproblem of {_offsets[^1]}",
            (2.0 * rows * columns * columns) + new SymmetricEigenPlan(_offsets[^1], 1, Components, WantsVectors: true, sizeof(double)).Flops,
            (long)(8 * columns * columns));
    }

    private static void RequireRows(IRowView[] views)
    {
        for (int v = 0; v < views.Length; v++)
        {
            if (views[v].Rows != views[0].Rows) throw new ArgumentException($"views[0] has {views[0].Rows} rows, views[{v}] has {views[v].Rows}: row i of all must be the same thing", nameof(views));
        }
    }

    private static void RequireOptions(IReadOnlyList<int> columns, MultiviewCorrelationOptions options)
    {
        if (columns.Count < 2) throw new ArgumentException($"there {(columns.Count == 1 ? "is one view" : "are no views")}: two at least are needed", nameof(columns));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 1, nameof(options));
        int all = columns.Sum();
        if (options.Components > all) throw new ArgumentException($"{options.Components} components are more than the {all} columns of all views", nameof(options));
        if (!(options.Ridge >= 0 && double.IsFinite(options.Ridge))) throw new ArgumentOutOfRangeException(nameof(options), options.Ridge, "the ridge must be a finite number, 0 or more");
        if (!(options.Shrinkage is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Shrinkage, "the shrinkage must be a number from 0 to 1");
    }

    private void RequireView(int view)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(view, Views);
    }
}
