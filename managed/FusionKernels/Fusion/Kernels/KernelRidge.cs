using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Kernel ridge regression on any Gram matrix: f(x) = sum_i A(i) k(x, x_i) with (K + ridge I) A = Y.</summary>
/// <remarks>
/// <para>Solved on the host in float64 by a Cholesky factorisation with iterative refinement against the given K, whatever its
/// precision. Cost: n^3 / 3 operations and 8 n^2 bytes to fit, 2 rows n outputs operations to predict. The same bits for any
/// number of threads. Immutable and thread-safe. (Saunders, Gammerman and Vovk 1998.)</para>
/// <para>There is no intercept: centre the targets, or add a constant to the kernel.</para>
/// </remarks>
public sealed partial class KernelRidge
{
    private const string PredictName = "KernelRidge.Predict";

    private readonly double[] _coefficients;
    private readonly int _trainingRows;

    private KernelRidge(double[] coefficients, int trainingRows, int outputs, double ridge, double residual, int refinements)
    {
        _coefficients = coefficients;
        _trainingRows = trainingRows;
        Outputs = outputs;
        Ridge = ridge;
        RelativeResidual = residual;
        Refinements = refinements;
    }

    /// <summary>A copy of the coefficients A: training rows x outputs; of a <see cref="NystromFactor"/>, landmarks x outputs.</summary>
    public Tensor<double> Coefficients => Tensor.Create((double[])_coefficients.Clone(), [_trainingRows, Outputs]);

    /// <summary>Outputs of the regression.</summary>
    public int Outputs { get; }

    /// <summary>What was added to the diagonal.</summary>
    public double Ridge { get; }

    /// <summary>|Y - (K + ridge I) A| / |Y| in the Frobenius norm: about 1e-15 where K + ridge I is well conditioned.</summary>
    public double RelativeResidual { get; }

    /// <summary>The steps of iterative refinement that made the residual smaller.</summary>
    public int Refinements { get; }

    /// <summary>Fits a regression.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">The training Gram matrix: n x n, symmetric, positive semi-definite.</param>
    /// <param name="targets">n x outputs, or n values of one output.</param>
    /// <param name="ridge">Added to the diagonal; 0 or more.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, the matrix is not symmetric, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ridge is negative or not finite.</exception>
    /// <exception cref="NumericalException">K + ridge I is not positive definite; the pivot is named. A larger ridge helps.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static KernelRidge Fit<T>(Tensor<T> gram, Tensor<double> targets, double ridge = 1e-3, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rank is not (1 or 2)) throw new ArgumentException($"'{nameof(targets)}' is {Shape.Of(targets.Lengths)}; rows x outputs is needed", nameof(targets));
        int outputs = targets.Rank == 2 ? checked((int)targets.Lengths[1]) : 1;
        double[] values = new double[targets.FlattenedLength];
        targets.FlattenTo(values);
        return Fit(gram, values, checked((int)targets.Lengths[0]), outputs, ridge, options, "KernelRidge.Fit");
    }

    /// <summary>Predicts the outputs of rows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gram">rows x training rows: the rows against the training rows, by the kernel of the training Gram.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>rows x outputs. A NaN in a row of the Gram matrix gives NaN in that row alone.</returns>
    /// <exception cref="ArgumentException">The columns are not the training rows.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<double> Predict<T>(Tensor<T> gram, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PredictAs(gram, options, PredictName);

    /// <summary>The same, under the name that it was asked for by.</summary>
    internal Tensor<double> PredictAs<T>(Tensor<T> gram, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        RequireSupported<T>(operation);
        MatrixRef<T> matrix = gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram));
        if (gram.Rank != 2 || matrix.Columns != _trainingRows)
        {
            throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; fitted to {_trainingRows} training rows, it must be rows x {_trainingRows}", nameof(gram));
        }

        double[] result = HostArray.Create<double>(operation, matrix.Rows, Outputs);
        using Execution execution = HostExecution.Begin<T>(options, operation);
        RidgeSolver.Predict((HostEngine)execution.Engine, matrix, _coefficients, Outputs, result, execution.Parts);
        execution.CompleteWhole<T>($"a product of {matrix.Rows} rows with {Outputs} columns of coefficients in float64", 2.0 * matrix.Rows * _coefficients.Length, 8L * result.Length);
        return Tensor.Create(result, [matrix.Rows, Outputs]);
    }

    /// <summary>Fits to targets that lie row by row.</summary>
    internal static KernelRidge Fit<T>(Tensor<T> gram, double[] targets, int rows, int outputs, double ridge, ExecutionOptions? options, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        RequireSupported<T>(operation);
        if (!(ridge >= 0 && double.IsFinite(ridge))) throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "the ridge must be a finite number, 0 or more");
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1])
        {
            throw new ArgumentException($"the Gram matrix is {Shape.Of(gram.Lengths)}; that of the training rows is square", nameof(gram));
        }

        if (gram.Lengths[0] != rows) throw new ArgumentException($"the Gram matrix is of {gram.Lengths[0]} rows, there are targets of {rows}", nameof(targets));
        RequireFinite(targets, outputs);
        double[] coefficients = new double[targets.Length];
        using Execution execution = HostExecution.Begin<T>(options, operation);
        (double residual, int refinements) = RidgeSolver.Solve(
            (HostEngine)execution.Engine,
            gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram)),
            ridge,
            targets,
            coefficients,
            execution.Parts);
        execution.CompleteWhole<T>(
            $"a Cholesky factor of {rows} rows in float64, {refinements} refinements", FlopsOfCholesky(rows) + (4.0 * (1 + refinements) * rows * targets.Length), 8L * rows * rows);
        return new(coefficients, rows, outputs, ridge, residual, refinements);
    }

    private static void RequireFinite(double[] targets, int outputs)
    {
        int wrong = Array.FindIndex(targets, target => !double.IsFinite(target));
        if (wrong >= 0) throw new ArgumentException($"targets[{wrong / outputs}, {wrong % outputs}] is not a finite number: remove the row from targets and Gram matrix", nameof(targets));
    }

    private static double FlopsOfCholesky(int rows) => (double)rows * rows * rows / 3;

    private static void RequireSupported<T>(string operation)
        where T : unmanaged
    {
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{operation}: Gram matrices are of float or double; convert the {typeof(T).Name} tensor first");
    }
}
