using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>(K + ridge I) X = B by conjugate gradients, for Gram matrices that no memory holds.</summary>
/// <remarks>
/// <para>Every iteration multiplies K with all right-hand sides that have not converged, tile by tile on any device; the recurrences
/// run in float64 on the host. With an <see cref="IncompleteCholesky"/> factor as preconditioner the iterations depend on what the
/// factor has left, not on the condition of K. (Hestenes and Stiefel 1952; Golub and Van Loan 2013, section 11.5.)</para>
/// <para>Cost of an iteration: the Gram matrix, and 2 rows^2 width operations; memory: 5 vectors of float64 a side. NaN and
/// infinities are rejected. The same bits for any number of threads, and from run to run on one device. Thread-safe.</para>
/// </remarks>
public static class ConjugateGradients
{
    private const string Name = "ConjugateGradients.Solve";

    /// <summary>Solves the system.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: the precision of K.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="b">rows x width, or one vector of rows elements.</param>
    /// <param name="ridge">Added to the diagonal; 0 or more.</param>
    /// <param name="options">Tolerance, preconditioner, device, progress, cancellation (between iterations); null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, an element is not finite (its place is named), or the preconditioner is of other rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ridge is negative or not finite, the tolerance not between 0 and 1, or the iterations below 1.</exception>
    /// <exception cref="NumericalException">K + ridge I is not positive definite.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ConjugateGradientsResult Solve<T>(
        Tensor<T> x, Kernel kernel, Tensor<double> b, double ridge, ConjugateGradientsOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(b);
        options ??= new();
        MatrixRef<double> right = b.AsReadOnlyTensorSpan().AsMatrix(nameof(b));
        Require(x, right, b, ridge, options);
        using Execution execution = Execution.Begin<T>(options, Name);
        int rows = right.Rows, width = right.Columns;
        double[] sides = DecompositionInput.Copy(right, nameof(b));
        using GramOperator<T> matrix = new(x, kernel, ridge, execution.Device, options);
        ILinearOperator? preconditioner = Preconditioner(options, rows, ridge, execution.Settings);
        (double[] solution, int[] iterations, double[] residuals) =
            new ConjugateGradientsHost(matrix, preconditioner, rows, execution.Settings).Solve(sides, width, options.Tolerance, options.MaximumIterations);
        execution.CompleteWhole<T>($"products with K on {execution.Device.Description.Name}, recurrences in float64 on the host, {(preconditioner is null ? "without a preconditioner, for none was given" : "with the preconditioner that was given")}", 2.0 * rows * rows * iterations.Sum(), 40L * rows * width);
        return new(Tensor.Create(solution, b.Lengths), residuals, iterations, Array.TrueForAll(residuals, residual => residual <= options.Tolerance));
    }

    private static IncompletePreconditioner? Preconditioner<T>(ConjugateGradientsOptions<T> options, int rows, double ridge, in RunSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Preconditioner is not { } factor || factor.Rank == 0) return null;

        // What the factor has left of the diagonal, spread evenly, stands for what it does not know.
        double shift = ridge + (factor.RemainingTrace / rows);
        if (!(shift > 0)) throw new ArgumentException("the preconditioner is of the whole matrix and there is no ridge: solve with a ridge, or without the preconditioner", nameof(options));
        return new(HostExecution.EngineBeside(options), new(rows, factor.Rank, factor.Elements), shift, settings);
    }

    private static void Require<T>(Tensor<T> x, MatrixRef<double> right, Tensor<double> b, double ridge, ConjugateGradientsOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Rank != 2) throw new ArgumentException($"'{nameof(x)}' is {Shape.Of(x.Lengths)}; a matrix (rows x features) is needed", nameof(x));
        if (x.Lengths[0] != right.Rows) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, '{nameof(x)}' has {x.Lengths[0]} rows: b needs as many", nameof(b));
        if (!(ridge >= 0 && double.IsFinite(ridge))) throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "the ridge must be a finite number, 0 or more");
        if (!(options.Tolerance is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, "the tolerance must be above 0 and below 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumIterations, 1, nameof(options));
        if (options.Preconditioner is { } factor && factor.Lower.Lengths[0] != x.Lengths[0])
        {
            throw new ArgumentException($"the preconditioner is of {factor.Lower.Lengths[0]} rows, '{nameof(x)}' has {x.Lengths[0]}: factor the same rows", nameof(options));
        }
    }
}
