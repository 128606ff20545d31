using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Sparse canonical correlation by the penalised matrix decomposition of the correlations between two views (Witten, Tibshirani and Hastie 2009).</summary>
/// <remarks>
/// <para>Columns are standardised, so that no column wins by its scale; constant ones weigh 0. A component maximises uᵀ Z v, Z = Xᵀ Y / (n - 1),
/// over unit weights under the penalties, alternating between u and v from near the first singular vectors; the next is found in
/// Z - d u vᵀ. Within-view correlations are taken as 0, which is what makes many more columns than rows possible; so weights maximise a
/// covariance, and correlations need not descend. Not every fit converges to a point: <see cref="Converged"/> tells.</para>
/// <para>Runs on the host in float64. Cost of a step: 4 columnsX columnsY operations, or 4 rows (columnsX + columnsY) where that is less.
/// With one seed the same bits for any number of threads. Variates have unit variance (ddof 1); sign: the weight of largest magnitude of x is
/// positive, y follows from r of 0 or more. Immutable and thread-safe.</para>
/// </remarks>
public sealed class SparseCanonicalCorrelation
{
    private const string FitName = "SparseCanonicalCorrelation.Fit";
    private const string TransformName = "SparseCanonicalCorrelation.Transform";
    private readonly Standardised _x;
    private readonly Standardised _y;

    private SparseCanonicalCorrelation(Standardised x, Standardised y, double[] values, double[] correlations, int[] iterations, bool[] converged)
    {
        (_x, _y) = (x, y);
        (SingularValues, Correlations, Iterations, Converged) = (values, correlations, iterations, converged);
    }

    /// <summary>Components; at most what was asked for, where nothing is left of Z.</summary>
    public int Components => SingularValues.Count;

    /// <summary>d of every component: the covariance of the variates with unit weights on standardised columns, in what the components before left.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>The correlations of the training variates.</summary>
    public IReadOnlyList<double> Correlations { get; }

    /// <summary>Steps of every component.</summary>
    public IReadOnlyList<int> Iterations { get; }

    /// <summary>Whether every component converged within its steps.</summary>
    public IReadOnlyList<bool> Converged { get; }

    /// <summary>A copy of the weights of x on standardised columns: columns x components, of unit norm.</summary>
    public Tensor<double> WeightsX => _x.Copy();

    /// <summary>The same of y.</summary>
    public Tensor<double> WeightsY => _y.Copy();

    /// <summary>Fits.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x columns.</param>
    /// <param name="y">rows x columns; row i is the same thing as row i of x.</param>
    /// <param name="options">Components and penalties; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows, an element is not finite (its place is named), no column of a view varies, there are more components than columns, or a penalty leaves no weight.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Components or iterations are below 1, or the tolerance is negative.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SparseCanonicalCorrelation Fit<T>(Tensor<T> x, Tensor<T> y, SparseCanonicalCorrelationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        options ??= new();
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{FitName}: views are of float or double; convert the {typeof(T).Name} tensors first");
        using Execution execution = HostExecution.Begin<T>(options, FitName);
        HostEngine engine = (HostEngine)execution.Engine;
        RunSettings settings = execution.Parts;
        TensorView<T> viewX = new(x, nameof(x)), viewY = new(y, nameof(y));
        RequireFit(viewX, viewY, options);
        (DenseMatrix rowsX, double[] meansX, double[] scalesX) = ViewRows.Standardised(viewX, Epsilon.Of<T>());
        (DenseMatrix rowsY, double[] meansY, double[] scalesY) = ViewRows.Standardised(viewY, Epsilon.Of<T>());
        if (scalesX.All(scale => scale == 0)) throw new ArgumentException("x has no column that varies", nameof(x));
        if (scalesY.All(scale => scale == 0)) throw new ArgumentException("y has no column that varies", nameof(y));
        Search search = new(new PenalizedDecomposition(engine, rowsX, rowsY, settings), options, viewX.Columns, viewY.Columns, settings);
        DenseMatrix weightsX = search.U, weightsY = search.V;
        DenseAlgebra algebra = new(engine, settings);
        DenseMatrix variatesX = algebra.Multiply(rowsX, weightsX), variatesY = algebra.Multiply(rowsY, weightsY);
        double[] deviationsX = Deviations(variatesX), deviationsY = Deviations(variatesY), correlations = new double[weightsX.Columns];
        for (int k = 0; k < correlations.Length; k++)
        {
            for (int i = 0; i < variatesX.Rows; i++) correlations[k] += variatesX[i, k] * variatesY[i, k] / (variatesX.Rows - 1.0);
            correlations[k] = Math.Clamp(correlations[k] / (deviationsX[k] * deviationsY[k]), -1, 1);
            FixSigns(weightsX, weightsY, correlations, k);
        }

        double products = (double)viewX.Columns * viewY.Columns;
        execution.CompleteWhole<T>($"penalised decomposition of {viewX.Columns} x {viewY.Columns} correlations, {search.Iterations.Sum()} steps", (2 * viewX.Rows * products) + (4 * products * search.Iterations.Sum()), (long)(8 * products));
        return new(
            new(weightsX, meansX, scalesX, deviationsX),
            new(weightsY, meansY, scalesY, deviationsY),
            [.. search.Values],
            correlations,
            [.. search.Iterations],
            [.. search.Converged]);
    }

    /// <summary>The variates of rows of both views.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x columns.</param>
    /// <param name="y">rows x columns; as many rows as x or not.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x components each, of unit variance over the training rows. A NaN in a row gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentException">The columns are not those of the training rows.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public (Tensor<double> X, Tensor<double> Y) Transform<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        using Execution execution = HostExecution.Begin<T>(options, TransformName);
        (Tensor<double> X, Tensor<double> Y) variates = HostExecution.Both(
            options, half => _x.Transform(new TensorView<T>(x, nameof(x)), nameof(x), half), half => _y.Transform(new TensorView<T>(y, nameof(y)), nameof(y), half));
        execution.CompleteWhole<T>("a product for each view", 2.0 * Components * (x.FlattenedLength + y.FlattenedLength), 8L * (variates.X.FlattenedLength + variates.Y.FlattenedLength));
        return variates;
    }

    private static void RequireFit(IRowView x, IRowView y, SparseCanonicalCorrelationOptions options)
    {
        if (x.Rows != y.Rows) throw new ArgumentException($"x has {x.Rows} rows, y has {y.Rows}: row i of both must be the same thing", nameof(y));
        if (x.Rows < 2) throw new ArgumentException($"x has {x.Rows} rows; 2 at least are needed", nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Components, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxIterations, 1, nameof(options));
        if (!(options.Tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, "the tolerance must be 0 or more");
        int most = Math.Min(x.Columns, y.Columns);
        if (options.Components > most) throw new ArgumentException($"{options.Components} components are more than the {most} columns of a view", nameof(options));
    }

    private static double[] Deviations(DenseMatrix variates)
    {
        double[] squares = new double[variates.Columns];
        for (int i = 0; i < variates.Rows; i++)
        {
            for (int k = 0; k < squares.Length; k++) squares[k] += variates[i, k] * variates[i, k] / (variates.Rows - 1.0);
        }

        return [.. squares.Select(square => square > 0 ? Math.Sqrt(square) : 1)];
    }

    private static void FixSigns(DenseMatrix x, DenseMatrix y, double[] correlations, int component)
    {
        double largest = x.Column(component).MaxBy(Math.Abs);
        if (largest < 0) Negate(x, component);
        if (largest < 0 != correlations[component] < 0) Negate(y, component);
        correlations[component] = Math.Abs(correlations[component]);
    }

    private static void Negate(DenseMatrix matrix, int column)
    {
        for (int i = 0; i < matrix.Rows; i++) matrix[i, column] = -matrix[i, column];
    }

    /// <summary>One view of the model.</summary>
    private sealed class Standardised
    {
        private readonly DenseMatrix _weights;
        private readonly DenseMatrix _directions;
        private readonly double[] _means;

        public Standardised(DenseMatrix weights, double[] means, double[] scales, double[] deviations)
        {
            (_weights, _means, _directions) = (weights, means, weights.Copy());
            for (int j = 0; j < weights.Rows; j++)
            {
                for (int k = 0; k < weights.Columns; k++) _directions[j, k] *= scales[j] / deviations[k];
            }
        }

        public Tensor<double> Copy() => Tensor.Create((double[])_weights.Elements.Clone(), [_weights.Rows, _weights.Columns]);

        public Tensor<double> Transform(IRowView rows, string name, ExecutionOptions? options)
        {
            if (rows.Columns != _means.Length) throw new ArgumentException($"'{name}' has {rows.Columns} columns, the training rows have {_means.Length}", name);
            DenseMatrix scores = new(rows.Rows, _weights.Columns);
            RowProjection.Add(HostExecution.Engine(options, TransformName), rows, [], [], _means, _directions, scores, HostExecution.Settings(options, TransformName));
            return Tensor.Create(scores.Elements, [rows.Rows, _weights.Columns]);
        }
    }

    /// <summary>The components, one after the other.</summary>
    private sealed class Search
    {
        public Search(PenalizedDecomposition decomposition, SparseCanonicalCorrelationOptions options, int columnsX, int columnsY, in RunSettings settings)
        {
            List<double[]> left = [], right = [];
            SparseConstraint x = options.PenaltyX.Constraint(columnsX), y = options.PenaltyY.Constraint(columnsY);
            for (int k = 0; k < options.Components; k++)
            {
                (double[] u, double[] v, double value, int iterations, bool converged) =
                    decomposition.Next(x, y, options.MaxIterations, options.Tolerance, options.Seed, settings.Cancellation);
                if (!(value > 1e-12))
                {
                    if (k > 0) break;
                    throw new ArgumentException($"no weight is left: the penalties {options.PenaltyX} of x and {options.PenaltyY} of y are too strong, or the views do not correlate", nameof(options));
                }

                left.Add(u);
                right.Add(v);
                Values.Add(value);
                Iterations.Add(iterations);
                Converged.Add(converged);
                settings.Progress?.Report((k + 1.0) / options.Components);
            }

            (U, V) = (Matrix(left, columnsX), Matrix(right, columnsY));
        }

        public DenseMatrix U { get; }

        public DenseMatrix V { get; }

        public List<double> Values { get; } = [];

        public List<int> Iterations { get; } = [];

        public List<bool> Converged { get; } = [];

        private static DenseMatrix Matrix(List<double[]> columns, int rows) => new DenseMatrix(columns.Count, rows, [.. columns.SelectMany(column => column)]).Transposed();
    }
}
