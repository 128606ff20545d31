using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>A = L Lᵀ of symmetric positive definite matrices, in the precision of the element, on any device.</summary>
/// <remarks>
/// <para>By halving: leaves of 32 rows element by element (on an accelerator one group each, in shared memory), all else matrix
/// products. A batch of small matrices takes one thread, or one group, for each. n^3 / 3 operations a matrix, memory n^2 elements
/// beside the operand. (Golub and Van Loan 2013, section 4.2; Higham 2002, section 10.1.)</para>
/// <para>NaN and infinities are rejected. The same bits for any number of threads, and from run to run on one device. Thread-safe.
/// For semi-definite matrices see <see cref="PivotedCholesky"/>.</para>
/// </remarks>
public static class Cholesky
{
    private const string Name = "Cholesky.Factor";
    private const string BatchName = "Cholesky.FactorBatched";

    /// <summary>Factors a matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">n x n, symmetric.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric, or not finite; the place is named.</exception>
    /// <exception cref="NumericalException">The matrix is not positive definite; the pivot is named.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static CholeskyFactor<T> Factor<T>(Tensor<T> a, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != a.Lengths[1]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a square matrix is needed", nameof(a));
        using Execution execution = Execution.Begin<T>(options, Name);
        int size = checked((int)a.Lengths[0]);
        T[] lower = new T[checked(size * size)];
        RunSettings settings = execution.Settings with { Progress = null, Trace = null };
        FactorInput.Symmetric(HostExecution.EngineBeside(options), a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), lower, settings, nameof(a));
        Run(execution, lower, 1, size, Name);
        return new(lower, size, execution.Device);
    }

    /// <summary>Factors many matrices of one size.</summary>
    /// <param name="matrices">items x n x n, each symmetric.</param>
    /// <param name="options">Device, threads, progress, cancellation; null for the defaults.</param>
    /// <returns>items x n x n: the lower triangles, zeros above them.</returns>
    /// <exception cref="ArgumentException">The tensor is no batch of square matrices, or one is not symmetric or not finite; the item and the place are named.</exception>
    /// <exception cref="NumericalException">A matrix is not positive definite; the item and the pivot are named.</exception>
    /// <inheritdoc cref="Factor{T}(Tensor{T}, ExecutionOptions?)"/>
    public static Tensor<T> FactorBatched<T>(Tensor<T> matrices, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrices);
        if (matrices.Rank != 3 || matrices.Lengths[1] != matrices.Lengths[2])
        {
            throw new ArgumentException($"'{nameof(matrices)}' is {Shape.Of(matrices.Lengths)}; items x n x n is needed", nameof(matrices));
        }

        using Execution execution = Execution.Begin<T>(options, BatchName);
        int count = checked((int)matrices.Lengths[0]), size = checked((int)matrices.Lengths[1]);
        T[] lower = new T[checked(count * size * size)];
        RunSettings settings = execution.Settings with { Progress = null, Trace = null };
        HostEngine host = HostExecution.EngineBeside(options);
        ReadOnlyTensorSpan<T> all = matrices.AsReadOnlyTensorSpan();
        for (int item = 0; item < count && size > 0; item++)
        {
            MatrixRef<T> one = ProductOperand<T>.Of(all.Slice([new NRange(item, item + 1), NRange.All, NRange.All]), isRow: false, transpose: false, nameof(matrices)).Matrix;
            FactorInput.Symmetric(host, one, lower.AsSpan(item * size * size, size * size), settings, $"{nameof(matrices)}[{item}]");
        }

        Run(execution, lower, count, size, BatchName);
        return Tensor.Create(lower, [count, size, size]);
    }

    private static void Run<T>(in Execution execution, T[] lower, int count, int size, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] failed = new int[count];
        T[] pivots = new T[count];
        CholeskyRun.Factor<T>(execution.Engine, lower, count, size, failed, pivots, execution.Settings);
        int wrong = Array.FindIndex(failed, pivot => pivot >= 0);
        if (wrong >= 0)
        {
            string where = count > 1 ? $"matrix {wrong}, pivot {failed[wrong]}" : $"pivot {failed[wrong]}";
            throw CholeskyHost.NotPositiveDefinite(operation, where, Element.ToDouble(pivots[wrong]));
        }

        for (int row = 0; row < count * size; row++) lower.AsSpan((row * size) + (row % size) + 1, size - (row % size) - 1).Clear();
        double flops = (double)size * size * size / 3 * count;
        execution.Complete<T>("nothing to do", flops, (long)Element.SizeOf<T>() * lower.Length);
    }
}
