using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Linear canonical correlation of two views: pairs of weighted sums of columns, one of each view, that correlate the most (Hotelling 1936).</summary>
/// <remarks>
/// <para>Variates have unit variance over the rows of the fit (divisor rows - 1) and zero mean. The weight of largest magnitude in
/// each column of <see cref="XWeights"/>, in units of standard deviations where columns are scaled, is positive; the second view
/// follows from correlations of 0 or more. Columns that do not vary get weights of 0. Directions without variance do not count:
/// their number lowers <see cref="Rank"/>, and with it the components.</para>
/// <para>Numbers: rows are multiplied in their own precision (float32 or float64) around their mean and summed in float64; what
/// follows is float64. Without ridge and shrinkage, correlations are those of the data; with them they are those of the changed
/// problem, and variates still have unit variance. Finite input never gives NaN. The same bits for any number of threads.</para>
/// <para>Cost: rows (p + q)^2 operations and 8 (p + q)^2 bytes of moments beside a chunk of up to 64 MiB; the solve adds about
/// 20 (p + q)^3 operations. Rows that are no more than p + q columns, or ill-conditioned views, take a QR in float64.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
public sealed partial class CanonicalCorrelation
{
    private const string FitName = "CanonicalCorrelation.Fit";

    private readonly CorrelationSolution _solution;

    internal CanonicalCorrelation(CorrelationSolution solution, bool isRegularised)
    {
        _solution = solution;
        IsRegularised = isRegularised;
        Correlations = solution.Correlations;
        _significance = new(() => SignificanceOf());
    }

    /// <summary>All correlations of the numerical rank, in descending order, 0 to 1; by the randomized route, the largest ones alone.</summary>
    public IReadOnlyList<double> Correlations { get; }

    /// <summary>Components that are kept.</summary>
    public int Components => _solution.Weights[0].Columns;

    /// <summary>The lower of the two views' numerical ranks.</summary>
    public int Rank => Math.Min(XRank, YRank);

    /// <summary>The numerical rank of the first view.</summary>
    public int XRank => _solution.Ranks[0];

    /// <summary>The numerical rank of the second view.</summary>
    public int YRank => _solution.Ranks[1];

    /// <summary>The condition number of what was inverted in the first view, over the directions that count, ridge included: 1 or more.</summary>
    public double XCondition => _solution.Conditions[0];

    /// <summary>The condition number of what was inverted in the second view.</summary>
    public double YCondition => _solution.Conditions[1];

    /// <summary>The route that was taken.</summary>
    public CorrelationRoute Route => _solution.Plan.Route;

    /// <summary>Why, in words.</summary>
    public string RouteReason => _solution.Plan.Reason;

    /// <summary>Whether a ridge or shrinkage changed the covariances.</summary>
    public bool IsRegularised { get; }

    /// <summary>Rows of the fit.</summary>
    public long Rows => _solution.Rows;

    /// <summary>Columns of the first view.</summary>
    public int XFeatures => _solution.Weights[0].Rows;

    /// <summary>Columns of the second view.</summary>
    public int YFeatures => _solution.Weights[1].Rows;

    /// <summary>The mean of every column of the first view.</summary>
    public IReadOnlyList<double> XMean => _solution.Means[0];

    /// <summary>The mean of every column of the second view.</summary>
    public IReadOnlyList<double> YMean => _solution.Means[1];

    /// <summary>The standard deviation of every column of the first view (divisor rows - 1); 0 for one that does not vary.</summary>
    public IReadOnlyList<double> XDeviation => _solution.Deviations[0];

    /// <summary>The standard deviation of every column of the second view.</summary>
    public IReadOnlyList<double> YDeviation => _solution.Deviations[1];

    /// <summary>A copy of the first view's weights, features x components, in units of the columns: variates are (x - mean) weights.</summary>
    public Tensor<double> XWeights => Copy(_solution.Weights[0]);

    /// <summary>A copy of the second view's weights, features x components.</summary>
    public Tensor<double> YWeights => Copy(_solution.Weights[1]);

    /// <summary>Correlates two views.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first view: rows x features.</param>
    /// <param name="y">The second view: rows x features; row i belongs to row i of x.</param>
    /// <param name="options">Components, ridge, scaling, route, device; null for the defaults.</param>
    /// <returns>The fitted model.</returns>
    /// <exception cref="ArgumentException">Rows differ, there are fewer than two, a value is NaN or infinite (its place is named), or more components are asked for than the rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NumericalException">No column of a view varies, or squares of a column exceed the range of float64.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or the device lacks it.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room even for the smallest part.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static CanonicalCorrelation Fit<T>(Tensor<T> x, Tensor<T> y, CanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Fit<T>(x.AsReadOnlyTensorSpan(), y.AsReadOnlyTensorSpan(), options);
    }

    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, CanonicalCorrelationOptions?)"/>
    public static CanonicalCorrelation Fit<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, CanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CorrelationProblem problem = CorrelationChecks.Problem(options, FitName);
        CorrelationChecks.RequireAligned(x.Lengths, y.Lengths, [problem.NameX, problem.NameY]);
        using Execution execution = Execution.Begin<T>(options, FitName);
        return Fit(execution, x.AsMatrix(problem.NameX), y.AsMatrix(problem.NameY), problem);
    }

    /// <summary>Correlates two views that live on a device: they stay there, and sums and products come back, a chunk of 4096 rows at a time; of a QR the triangle, in float64. Where columns depend on each other entirely or do not vary, and of no more rows than columns, the rows go to the host; <see cref="RouteReason"/> says so.</summary>
    /// <exception cref="DeviceMismatchException">The views live on different devices, or on another than the options name.</exception>
    /// <inheritdoc cref="Fit{T}(Tensor{T}, Tensor{T}, CanonicalCorrelationOptions?)"/>
    public static CanonicalCorrelation Fit<T>(DeviceTensor<T> x, DeviceTensor<T> y, CanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CorrelationProblem problem = CorrelationChecks.Problem(options, FitName);
        CorrelationChecks.RequireAligned<T>([x, y], [problem.NameX, problem.NameY]);
        using Execution execution = Execution.Begin<T>(options, x.Device, FitName);
        return Fit(execution, x.AsMatrix(problem.NameX), y.AsMatrix(problem.NameY), problem);
    }

    private static CanonicalCorrelation Fit<T>(in Execution execution, MatrixRef<T> left, MatrixRef<T> right, CorrelationProblem problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CorrelationChecks.RequireRows(left.Rows);
        CorrelationChecks.RequireComponents(problem, left.Columns, right.Columns);
        CorrelationSolution solution = Kernels.Correlation.Correlations.Fit(execution.Engine, HostOf(execution.Engine), left, right, problem, execution.Settings);
        double columns = left.Columns + right.Columns;
        execution.Complete<T>($"{solution.Plan.Route}: {solution.Plan.Reason}", left.Rows * columns * (columns + 1), (long)(16 * columns * columns));
        return new(solution, problem.IsRegularised);
    }

    /// <summary>The engine if it is a host, else the one that operations without device kernels take.</summary>
    internal static HostEngine HostOf(Engine engine) => engine as HostEngine ?? (HostEngine)HostExecution.Device.Engine;

    private static Tensor<double> Copy(DenseMatrix matrix) => Tensor.Create((double[])matrix.Elements.Clone(), [matrix.Rows, matrix.Columns]);
}
