using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>A ≈ L Lᵀ of symmetric positive semi-definite matrices, with complete pivoting and the numerical rank.</summary>
/// <remarks>
/// Each pivot is the largest diagonal that is left, so that the rows of L in the order of the pivots are a lower trapezium with
/// a diagonal that never grows (Higham 2002, section 10.3). In float64 on the host whatever the element; rows rank^2 operations,
/// 8 rows^2 bytes. NaN and infinities are rejected. The same bits for any number of threads. Thread-safe.
/// </remarks>
public static class PivotedCholesky
{
    private const string Name = "PivotedCholesky.Factor";
    private const string BatchName = "PivotedCholesky.FactorBatched";

    /// <summary>Factors a matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">n x n, symmetric.</param>
    /// <param name="tolerance">A residual diagonal of at most this share of the largest diagonal counts as 0; null for n units in the last place of the element.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>The factor, of as many columns as the numerical rank.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric, or not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is outside of 0 to 1.</exception>
    /// <exception cref="NumericalException">The matrix is not positive semi-definite; the row is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static IncompleteCholeskyFactor<T> Factor<T>(Tensor<T> a, double? tolerance = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a square matrix is needed", nameof(a));
        RequireSupported<T>(tolerance, Name);
        int size = checked((int)a.Lengths[0]);
        using Execution execution = HostExecution.Begin<T>(options, Name);
        IncompleteCholeskyFactor<T> factor = Factor((HostEngine)execution.Engine, a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), size, tolerance, nameof(a), execution.Parts);
        execution.CompleteWhole<T>($"{size} x {size}: complete pivoting in float64, {factor.Rank} pivots above the tolerance", (double)size * factor.Rank * factor.Rank, 8L * size * factor.Rank);
        return factor;
    }

    /// <summary>Factors many matrices of one size, each to a rank of its own: a matrix a thread.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="batch">items x n x n, each symmetric.</param>
    /// <param name="tolerance">A residual diagonal of at most this share of the largest diagonal counts as 0; null for n units in the last place of the element.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>By item: the factor, of as many columns as the numerical rank.</returns>
    /// <exception cref="ArgumentException">The tensor is no batch of square matrices, or one is not symmetric or not finite; the item and the place are named.</exception>
    /// <exception cref="NumericalException">A matrix is not positive semi-definite; the row is named.</exception>
    /// <inheritdoc cref="Factor{T}(Tensor{T}, double?, ExecutionOptions?)" path="/exception[@cref='T:System.ArgumentOutOfRangeException' or @cref='T:System.NotSupportedException' or @cref='T:System.OperationCanceledException']"/>
    public static IReadOnlyList<IncompleteCholeskyFactor<T>> FactorBatched<T>(Tensor<T> batch, double? tolerance = null, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int items, int size, int columns) = BatchInput.Shaped(batch, nameof(batch));
        if (size != columns) throw new ArgumentException($"'{nameof(batch)}' is {Shape.Of(batch.Lengths)}; items x n x n is needed", nameof(batch));
        RequireSupported<T>(tolerance, BatchName);
        using Execution execution = HostExecution.Begin<T>(options, BatchName);
        T[] all = new T[checked(items * size * size)];
        batch.FlattenTo(all);
        IncompleteCholeskyFactor<T>[] factors = new IncompleteCholeskyFactor<T>[items];
        HostBatch.Run((HostEngine)execution.Engine, new Batch<T>(all, size, tolerance, factors, execution.Parts), items);
        double rank = factors.Sum(factor => (double)factor.Rank * factor.Rank);
        execution.CompleteWhole<T>($"{items} x {size} x {size}: complete pivoting in float64, a matrix a thread", size * rank, 8L * size * factors.Sum(factor => (long)factor.Rank));
        return factors;
    }

    private static IncompleteCholeskyFactor<T> Factor<T>(HostEngine engine, MatrixRef<T> matrix, int size, double? tolerance, string name, in RunSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] both = new T[checked(size * size)];
        FactorInput.Symmetric(engine, matrix, both, settings with { Progress = null }, name);
        GivenColumns<T> columns = new(Tensor.Create(both, [size, size]));
        double noise = tolerance ?? Math.Min(1, size * columns.Epsilon);
        return new(IncompleteCholeskyHost.Factor(engine, columns, Math.Max(1, size), 0, 1, settings, noise), size, null, null);
    }

    private static void RequireSupported<T>(double? tolerance, string name)
        where T : unmanaged
    {
        if (tolerance is { } share && !(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "the tolerance is a share of the largest diagonal, 0 to 1");
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{name}: kernels compute in float and double; convert the {typeof(T).Name} tensor first");
    }

    private readonly struct Batch<T>(T[] all, int size, double? tolerance, IncompleteCholeskyFactor<T>[] factors, RunSettings settings) : IBatchCall
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public RunSettings Settings => settings;

        public void RunItem(HostEngine engine, int item, in RunSettings one)
        {
            RunSettings named = one with { Operation = $"{one.Operation}, batch[{item}]" };
            factors[item] = Factor(engine, MatrixRef<T>.Of(all.AsSpan(item * size * size, size * size), size, size), size, tolerance, $"batch[{item}]", named);
        }
    }
}
