using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A = Q R with orthonormal columns of Q, thin, on any device.</summary>
/// <remarks>
/// <para>The host takes blocks of Householder reflectors (Schreiber and Van Loan 1989), or a fixed tree of them where there are
/// many more rows than columns (Demmel, Grigori, Hoemmen and Langou 2012); an accelerator repeats Cholesky factors of AᵀA,
/// shifted where they fail (Fukaya and others 2020), and leaves wide matrices and dependent columns to the host. The result
/// names its <see cref="QrRoute"/> and the reason.</para>
/// <para>Columns are scaled by powers of two first, so graded matrices and magnitudes of 1e-30 or 1e30 lose nothing. Rank-deficient
/// matrices factor; R has zeros or rounding noise on its diagonal then. About 4 rows columns^2 operations; memory: Q, R and, on the
/// host, the reflectors, which are as large as Q. NaN and infinities are rejected. The same bits for any number of threads, and
/// from run to run on one device. Thread-safe.</para>
/// </remarks>
public static class Qr
{
    private const string Name = "Qr.Factor";

    /// <summary>Factors a matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x columns, any strides.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">a is no matrix, or an element is not finite; the place is named.</exception>
    /// <exception cref="NumericalException">A column's norm is beyond the range of the element.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static QrFactor<T> Factor<T>(Tensor<T> a, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a matrix (rows x columns) is needed", nameof(a));
        MatrixRef<T> matrix = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a));
        using Execution execution = Execution.Begin<T>(options, Name);
        DecompositionInput.RequireFinite(matrix, nameof(a));
        QrOutcome<T> outcome = QrRun.Factor(execution.Engine, HostExecution.EngineBeside(options), matrix, execution.Settings);
        execution.CompleteWhole<T>($"{outcome.Plan.Route}, {outcome.Plan.Why}", outcome.Plan.Flops, 0);
        return new(outcome, matrix.Rows, matrix.Columns);
    }

    /// <summary>Factors many matrices of one shape by reflectors: on the host a matrix a thread, on an accelerator a group each.</summary>
    /// <remarks>Matrices whose extents are both beyond 256 are taken one after the other, as <see cref="Factor{T}(Tensor{T}, ExecutionOptions?)"/> takes them.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="batch">items x rows x columns.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no batch of matrices, or an element is not finite; the item and the place are named.</exception>
    /// <inheritdoc cref="Factor{T}(Tensor{T}, ExecutionOptions?)" path="/exception"/>
    public static QrBatchResult<T> FactorBatched<T>(Tensor<T> batch, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int rows, int columns) = BatchInput.Shaped(batch, nameof(batch));
        int steps = Math.Min(rows, columns);
        using Execution execution = Execution.Begin<T>(options, "Qr.FactorBatched");
        T[] all = BatchInput.Copy(batch, rows, columns, nameof(batch)), q = new T[checked(items * rows * steps)], r = new T[checked(items * steps * columns)];
        string route = QrRun.FactorBatch(execution.Engine, HostExecution.EngineBeside(options), all, items, rows, columns, q, r, execution.Settings);
        execution.CompleteWhole<T>(route, items * QrPlan.OnHost(rows, columns).Flops, 0);
        return new(Tensor.Create(q, [items, rows, steps]), Tensor.Create(r, [items, steps, columns]), route);
    }
}
