using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>From rows to variates, from variates to rows, and from one view to the other.</content>
public sealed partial class CanonicalCorrelation
{
    /// <summary>The variates of rows of both views.</summary>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="y">Rows x features of the second view; the rows may be others than those of x.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x components of each view.</returns>
    /// <inheritdoc cref="TransformX{T}(Tensor{T}, ExecutionOptions?)"/>
    public (Tensor<T> X, Tensor<T> Y) Transform<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = HostExecution.Begin<T>(options, "CanonicalCorrelation.Transform");
        (Tensor<T> X, Tensor<T> Y) variates = HostExecution.Both(options, half => TransformX(x, half), half => TransformY(y, half));
        execution.CompleteWhole<T>("a product for each view", 2.0 * Components * (x.FlattenedLength + y.FlattenedLength), 8L * (variates.X.FlattenedLength + variates.Y.FlattenedLength));
        return variates;
    }

    /// <summary>The variates of rows of the first view: (x - mean) weights, in float64, rounded to <typeparamref name="T"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">The columns are not those of the fit, or a row is not finite; it is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host, or <typeparamref name="T"/> is neither float nor double.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<T> TransformX<T>(Tensor<T> x, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map(x, nameof(x), "features", _solution.Means[0], _solution.Weights[0], null, "TransformX", options);

    /// <summary>The variates of rows of the second view.</summary>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <inheritdoc cref="TransformX{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<T> TransformY<T>(Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map(y, nameof(y), "features", _solution.Means[1], _solution.Weights[1], null, "TransformY", options);

    /// <summary>The second view's columns as the variates of the first predict them by least squares.</summary>
    /// <param name="x">Rows x features of the first view.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x features of the second view.</returns>
    /// <inheritdoc cref="TransformX{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<T> PredictY<T>(Tensor<T> x, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Predict(x, nameof(x), 0, "PredictY", options);

    /// <summary>The first view's columns as the variates of the second predict them by least squares.</summary>
    /// <param name="y">Rows x features of the second view.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x features of the first view.</returns>
    /// <inheritdoc cref="TransformX{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<T> PredictX<T>(Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Predict(y, nameof(y), 1, "PredictX", options);

    /// <summary>The first view's columns that its variates stand for, by least squares through the loadings.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="u">Variates of the first view: rows x components.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x features of the first view.</returns>
    /// <exception cref="ArgumentException">The columns are not the components, or a row is not finite; it is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host, or <typeparamref name="T"/> is neither float nor double.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<T> InverseX<T>(Tensor<T> u, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Invert(u, nameof(u), 0, "InverseX", options);

    /// <summary>The second view's columns that its variates stand for, by least squares through the loadings.</summary>
    /// <param name="v">Variates of the second view: rows x components.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x features of the second view.</returns>
    /// <inheritdoc cref="InverseX{T}(Tensor{T}, ExecutionOptions?)"/>
    public Tensor<T> InverseY<T>(Tensor<T> v, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Invert(v, nameof(v), 1, "InverseY", options);

    private Tensor<T> Predict<T>(Tensor<T> rows, string name, int view, string operation, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseAlgebra algebra = Algebra(options, operation);
        int other = 1 - view;
        DenseMatrix regression = Kernels.Correlation.Correlations.Regression(algebra, _solution.Weights[view], _solution.Own[view], _solution.Cross[other]);
        return Map(rows, name, "features", _solution.Means[view], algebra.Multiply(_solution.Weights[view], regression), _solution.Means[other], operation, options);
    }

    private Tensor<T> Invert<T>(Tensor<T> variates, string name, int view, string operation, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DenseMatrix regression = Kernels.Correlation.Correlations.Regression(
            Algebra(options, operation), _solution.Weights[view], _solution.Own[view], _solution.Own[view]);
        return Map(variates, name, "components", new double[Components], regression, _solution.Means[view], operation, options);
    }

    private static Tensor<T> Map<T>(
        Tensor<T> rows, string name, string columns, double[] mean, DenseMatrix map, double[]? offset, string operation, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        operation = $"CanonicalCorrelation.{operation}";
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{operation}: float or double is needed; convert the {typeof(T).Name} tensor first");
        MatrixRef<T> matrix = rows.AsReadOnlyTensorSpan().AsMatrix(name);
        if (rows.Rank != 2 || matrix.Columns != map.Rows) throw new ArgumentException($"'{name}' is {Shape.Of(rows.Lengths)}; rows x {map.Rows} {columns} are needed, as in the fit", name);
        using Execution execution = HostExecution.Begin<T>(options, operation);
        double[] values = Kernels.Correlation.Correlations.Map((HostEngine)execution.Engine, matrix, mean, map, offset, execution.Parts);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        if (wrong >= 0) throw new ArgumentException($"row {wrong / map.Columns} of '{name}' is not finite", name);
        T[] result = values as T[] ?? Array.ConvertAll(values, Element.Of<T>);
        execution.CompleteWhole<T>($"a product of {matrix.Rows} rows with a map of {map.Rows} x {map.Columns} in float64", 2.0 * matrix.Rows * map.Rows * map.Columns, 8L * values.Length);
        return Tensor.Create(result, [matrix.Rows, map.Columns]);
    }

    private static DenseAlgebra Algebra(ExecutionOptions? options, string operation) => new(
        HostExecution.Engine(options, $"CanonicalCorrelation.{operation}"), HostExecution.Settings(options, operation) with { Progress = null });
}
