using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>
/// Moments of row-aligned views, taken chunk by chunk in one pass: all that linear correlation needs, for any number of ridges,
/// folds, and subsets of views and columns.
/// </summary>
/// <remarks>
/// <para>Rows are multiplied in their own precision (float32 or float64) around their mean and summed in float64; moments of
/// different rows merge by Chan's formula (Chan, Golub and LeVeque 1983), so that shards computed anywhere give what one pass
/// gives, to rounding. Same chunks, same bits, for any number of threads.</para>
/// <para>Memory: 16 d^2 bytes for d columns of all views while a chunk is added, and up to 64 MiB of working memory; of views that live on a
/// device, 4096 centred rows and a product of columns there. Cost: rows d^2
/// operations and d^2 per chunk: give chunks of thousands of rows. A call that throws leaves the moments as they were. One thread
/// at a time may add; any number may read.</para>
/// </remarks>
public sealed partial class CanonicalMoments
{
    private const string AccumulateName = "CanonicalMoments.Accumulate";

    private readonly string[] _names;

    /// <summary>Moments of no rows.</summary>
    /// <param name="features">Columns of each view: one view or more.</param>
    /// <exception cref="ArgumentException">There is no view, or one without columns.</exception>
    public CanonicalMoments(params IReadOnlyList<int> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0 || features.Any(count => count < 1)) throw new ArgumentException("moments need one view or more, each of one column or more", nameof(features));
        State = new(features);
        _names = features.Count == 2 ? ["x", "y"] : [.. features.Select((_, i) => $"{i}")];
    }

    internal CanonicalMoments(Moments state)
        : this(state.Widths) => State = state;

    /// <summary>Columns of each view.</summary>
    public IReadOnlyList<int> Features => State.Widths;

    /// <summary>Views.</summary>
    public int Views => State.Widths.Length;

    /// <summary>Rows that were added.</summary>
    public long Rows => State.Count;

    /// <summary>The numbers.</summary>
    internal Moments State { get; private set; }

    /// <summary>The means of one view.</summary>
    /// <param name="view">The view, from 0.</param>
    public double[] Mean(int view) => State.MeanOf(Checked(view));

    /// <summary>The covariances of two views' columns (divisor rows - 1): features of the one x features of the other.</summary>
    /// <param name="left">The view whose columns are the rows of the result, from 0.</param>
    /// <param name="right">The other view; may be the same.</param>
    /// <exception cref="InvalidOperationException">There are fewer than two rows.</exception>
    public Tensor<double> Covariance(int left, int right)
    {
        if (Rows < 2) throw new InvalidOperationException($"moments of {Rows} rows have no covariances; two rows at least are needed");
        return Tensor.Create(State.Covariance(Checked(left), Checked(right)).Elements, [Features[left], Features[right]]);
    }

    /// <summary>Adds rows of two views.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view; row i belongs to row i of x.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">Rows or columns do not fit, or a value is NaN or infinite; view, row (counted over all chunks) and column are named.</exception>
    /// <exception cref="NumericalException">Squares of deviations exceed the range of float64.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or the device lacks it.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room even for the smallest part.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public void Accumulate<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Accumulate([x, y], options);

    /// <summary>Adds rows of all views.</summary>
    /// <param name="views">Rows x features of each view, in order.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <inheritdoc cref="Accumulate{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)"/>
    public void Accumulate<T>(IReadOnlyList<Tensor<T>> views, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Accumulate(views, 0, 1, new RowNumbers(Rows, 1), options);

    /// <summary>Adds rows of two views that live on a device: they stay there, and sums and products come back, a chunk of 4096 rows at a time.</summary>
    /// <exception cref="DeviceMismatchException">The views live on different devices, or on another than the options name.</exception>
    /// <inheritdoc cref="Accumulate{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)"/>
    public void Accumulate<T>(DeviceTensor<T> x, DeviceTensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Accumulate([x, y], options);

    /// <summary>Adds rows of all views, which live on a device: they stay there, and sums and products come back, a chunk of 4096 rows at a time.</summary>
    /// <param name="views">Rows x features of each view, in order.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="DeviceMismatchException">The views live on different devices, or on another than the options name.</exception>
    /// <inheritdoc cref="Accumulate{T}(Tensor{T}, Tensor{T}, ExecutionOptions?)"/>
    public void Accumulate<T>(IReadOnlyList<DeviceTensor<T>> views, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        RequireViews(views.Count, i => views[i].Lengths.ToArray());
        CorrelationChecks.RequireAligned(views, _names);
        if (views[0].Lengths[0] == 0) return;
        using Execution execution = Execution.Begin<T>(options, views[0].Device, AccumulateName);
        Add(execution, [.. views.Select((view, i) => view.AsMatrix(_names[i]).InBuffer)], new RowNumbers(Rows, 1));
    }

    /// <summary>Adds the moments of other rows of the same views.</summary>
    /// <param name="other">The moments; they stay as they are.</param>
    /// <exception cref="ArgumentException">Their columns are others.</exception>
    public void Merge(CanonicalMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Features.SequenceEqual(other.Features))
        {
            throw new ArgumentException($"moments of {string.Join(" + ", other.Features)} columns do not merge with those of {string.Join(" + ", Features)}", nameof(other));
        }

        State.Merge(other.State);
    }

    /// <summary>The moments of some views and columns, with no second pass.</summary>
    /// <param name="views">The views that are kept, from 0, in the order wanted.</param>
    /// <param name="columns">The columns of each that are kept; null for all of all.</param>
    /// <exception cref="ArgumentException">There is no such view or column, or a list is empty.</exception>
    public CanonicalMoments Select(IReadOnlyList<int> views, IReadOnlyList<IReadOnlyList<int>>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Count == 0 || (columns is not null && columns.Count != views.Count)) throw new ArgumentException("one list of columns belongs to each view that is kept", nameof(columns));
        int[][] kept = [.. views.Select((view, i) => columns is null ? Enumerable.Range(0, State.Widths[Checked(view)]).ToArray() : columns[i].ToArray())];
        for (int i = 0; i < kept.Length; i++)
        {
            int width = State.Widths[Checked(views[i])];
            if (kept[i].Length == 0) throw new ArgumentException($"no column of view {views[i]} is kept", nameof(columns));
            int wrong = Array.FindIndex(kept[i], column => column < 0 || column >= width);
            if (wrong >= 0) throw new ArgumentException($"view {views[i]} has {width} columns; there is no column {kept[i][wrong]}", nameof(columns));
        }

        return new(State.Select([.. views], kept));
    }

    /// <summary>Correlates two views from their moments: costs no pass over rows.</summary>
    /// <param name="options">Components, ridge, scaling; null for the defaults. <see cref="CorrelationRoute.Qr"/> needs rows and is refused.</param>
    /// <returns>The fitted model.</returns>
    /// <exception cref="InvalidOperationException">The views are not two.</exception>
    /// <exception cref="ArgumentException">There are fewer than two rows, the route needs rows, or more components are asked for than the rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NumericalException">No column of a view varies.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public CanonicalCorrelation Fit(CanonicalCorrelationOptions? options = null)
    {
        const string operation = "CanonicalMoments.Fit";
        if (Views != 2) throw new InvalidOperationException($"moments of {Views} views; canonical correlation is of two: select them");
        CorrelationProblem problem = CorrelationChecks.Problem(options, operation);
        if (problem.Route == CorrelationRoute.Qr) throw new ArgumentException("QR needs the rows, which moments no longer hold: leave the route to the plan", nameof(options));
        CorrelationChecks.RequireRows(Rows);
        CorrelationChecks.RequireComponents(problem, Features[0], Features[1]);
        using Execution execution = HostExecution.BeginBeside<double>(options, operation, hasKernel: false);
        CorrelationSolution solution = Kernels.Correlation.Correlations.Fit((HostEngine)execution.Engine, State, problem, execution.Parts);
        execution.CompleteWhole<double>($"{solution.Plan.Route}: {solution.Plan.Reason}", FlopsOfSolve(Features[0], Features[1]), 16L * State.Features * State.Features);
        return new(solution, problem.IsRegularised);
    }

    /// <summary>Operations of factoring both views' covariances, whitening the cross-block and taking it apart.</summary>
    private static double FlopsOfSolve(double x, double y) => (((x * x * x) + (y * y * y)) / 3) + (x * y * (x + y)) + new SvdPlan((int)x, (int)y, (int)Math.Min(x, y), WantsVectors: true, Full: false, sizeof(double)).Flops;

    /// <summary>Adds every step-th row from one on.</summary>
    internal void Accumulate<T>(IReadOnlyList<Tensor<T>> views, int first, int step, RowNumbers numbers, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        RequireViews(views.Count, i => views[i].Lengths.ToArray());
        CorrelationChecks.RequireAligned(views, _names);
        long rows = (views[0].Lengths[0] - first + step - 1) / step;
        if (rows <= 0) return;
        using Execution execution = Execution.Begin<T>(options, AccumulateName);
        using PinnedViews<T> pinned = new(views, first, step, checked((int)rows));
        Add(execution, pinned.Operands, numbers);
    }

    private void Add<T>(in Execution execution, Operand<T>[] views, RowNumbers numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double rows = views[0].Rows;
        Kernels.Correlation.Correlations.Accumulate(
            execution.Engine, CanonicalCorrelation.HostOf(execution.Engine), views, State, _names, numbers, execution.Settings);
        execution.Complete<T>("chunks of rows, multiplied with themselves", rows * State.Features * (State.Features + 1), 16L * State.Features * State.Features);
    }

    private void RequireViews(int count, Func<int, nint[]?> lengths)
    {
        if (count != Views) throw new ArgumentException($"{count} views were given; the moments are of {Views}");
        for (int i = 0; i < Views; i++)
        {
            if (lengths(i) is { Length: 2 } shape && shape[1] != Features[i]) throw new ArgumentException($"view '{_names[i]}' is {Shape.Of(shape)}; the moments are of {Features[i]} columns");
        }
    }

    private int Checked(int view) => view >= 0 && view < Views ? view : throw new ArgumentException($"there are {Views} views; there is no view {view}", nameof(view));
}
