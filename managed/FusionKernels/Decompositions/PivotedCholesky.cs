using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A ≈ L Lᵀ of symmetric positive semi-definite matrices, with complete pivoting and the numerical rank.</summary>
/// <remarks>
/// Each pivot is the largest diagonal that is left, so that the rows of L in the order of the pivots are a lower trapezium with
/// a diagonal that never grows (Higham 2002, section 10.3); of equal ones the first. On the host in float64 whatever the element,
/// a column at a time: rows rank^2 operations. On an accelerator in the precision of the element, 32 columns at a time and what
/// they leave by a product: rows^2 rank operations, and rows^2 + 33 rows elements on the device for each matrix. NaN and infinities
/// are rejected. The same bits for any number of threads, and from run to run on one device. Thread-safe.
/// </remarks>
public static class PivotedCholesky
{
    private const string Name = "PivotedCholesky.Factor";
    private const string BatchName = "PivotedCholesky.FactorBatched";

    /// <summary>Factors a matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">n x n, symmetric.</param>
    /// <param name="tolerance">A residual diagonal of at most this share of the largest diagonal counts as 0; null for n units in the last place of the element.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>The factor, of as many columns as the numerical rank.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric, or not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is outside of 0 to 1.</exception>
    /// <exception cref="NumericalException">The matrix is not positive semi-definite; the row is named.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static IncompleteCholeskyFactor<T> Factor<T>(Tensor<T> a, double? tolerance = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a square matrix is needed", nameof(a));
        Require(tolerance);
        int size = checked((int)a.Lengths[0]);
        using Execution execution = Execution.Begin<T>(options, Name);
        T[] both = new T[checked(size * size)];
        FactorInput.Symmetric(HostExecution.EngineBeside(options), a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), both, execution.Parts with { Progress = null }, nameof(a));
        return Run(execution, both, new IncompleteFactor[1], size, tolerance, isBatch: false)[0];
    }

    /// <summary>Factors many matrices of one size, each to a rank of its own: a matrix a thread, on an accelerator a matrix a group.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="batch">items x n x n, each symmetric.</param>
    /// <param name="tolerance">A residual diagonal of at most this share of the largest diagonal counts as 0; null for n units in the last place of the element.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>By item: the factor, of as many columns as the numerical rank.</returns>
    /// <exception cref="ArgumentException">The tensor is no batch of square matrices, or one is not symmetric or not finite; the item and the place are named.</exception>
    /// <exception cref="NumericalException">A matrix is not positive semi-definite; the row is named.</exception>
    /// <inheritdoc cref="Factor{T}(Tensor{T}, double?, ExecutionOptions?)" path="/exception[@cref='T:System.ArgumentOutOfRangeException' or @cref='T:FusionKernels.DeviceOutOfMemoryException' or @cref='T:System.OperationCanceledException']"/>
    public static IReadOnlyList<IncompleteCholeskyFactor<T>> FactorBatched<T>(Tensor<T> batch, double? tolerance = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int size, int columns) = BatchInput.Shaped(batch, nameof(batch));
        if (size != columns) throw new ArgumentException($"'{nameof(batch)}' is {Shape.Of(batch.Lengths)}; items x n x n is needed", nameof(batch));
        Require(tolerance);
        using Execution execution = Execution.Begin<T>(options, BatchName);
        T[] all = new T[checked(items * size * size)];
        batch.FlattenTo(all);
        RunSettings settings = execution.Parts with { Progress = null };
        for (int item = 0; item < items; item++)
        {
            Span<T> one = all.AsSpan(item * size * size, size * size);
            FactorInput.Symmetric(HostExecution.EngineBeside(options), MatrixRef<T>.Of(one, size, size), one, settings, $"batch[{item}]");
        }

        return Run(execution, all, new IncompleteFactor[items], size, tolerance, isBatch: true);
    }

    private static IncompleteCholeskyFactor<T>[] Run<T>(in Execution execution, T[] matrices, IncompleteFactor[] factors, int size, double? tolerance, bool isBatch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PivotedCall<T> call = new() { Matrices = matrices, Factors = factors, Size = size, Tolerance = tolerance, IsBatch = isBatch, Settings = execution.Settings };
        execution.Engine.Execute(ref call);
        execution.Complete<T>("nothing to do", call.Flops, 8L * size * factors.Sum(factor => (long)factor.Rank));
        return Array.ConvertAll(factors, factor => new IncompleteCholeskyFactor<T>(factor, size, null, null));
    }

    private static void Require(double? tolerance)
    {
        if (tolerance is { } share && !(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "the tolerance is a share of the largest diagonal, 0 to 1");
    }
}
