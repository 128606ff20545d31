using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A = L Lᵀ, and what follows from it.</summary>
/// <remarks>Immutable (do not write to <see cref="Lower"/>) and thread-safe.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CholeskyFactor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _lower;
    private readonly int _size;
    private readonly ComputeDevice _device;

    /// <summary>Wraps a factor.</summary>
    internal CholeskyFactor(T[] lower, int size, ComputeDevice device)
    {
        (_lower, _size, _device) = (lower, size, device);
        Lower = Tensor.Create(lower, [size, size]);
    }

    /// <summary>L: n x n, zeros above the diagonal.</summary>
    public Tensor<T> Lower { get; }

    /// <summary>The natural logarithm of the determinant of A; 0 for no rows.</summary>
    public double LogDeterminant
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < _size; i++) sum += 2 * Math.Log(double.CreateChecked(_lower[(i * _size) + i]));
            return sum;
        }
    }

    /// <summary>X of A X = B.</summary>
    /// <param name="b">n x width, or one vector of n elements; finite.</param>
    /// <param name="options">Device, threads, cancellation; null for those of the factorisation.</param>
    /// <returns>Of the shape of b. Cost: 2 n^2 width operations.</returns>
    /// <exception cref="ArgumentException">b has not n rows, or an element is not finite; the place is named.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Tensor<T> Solve(Tensor<T> b, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(b);
        MatrixRef<T> right = b.AsReadOnlyTensorSpan().AsMatrix(nameof(b));
        if (right.Rows != _size) throw new ArgumentException($"'{nameof(b)}' is {Shape.Of(b.Lengths)}, the factor is of {_size} rows: it needs as many", nameof(b));
        T[] solution = DecompositionInput.Copy(right, nameof(b));
        using Execution execution = Execution.Begin<T>(options, _device, "CholeskyFactor.Solve");
        TriangularRun.Solve<T>(
            execution.Engine, MatrixRef<T>.Of(_lower, _size, _size), MatrixRef<T>.Of(solution, _size, right.Columns), forward: true, backward: true, execution.Settings);
        execution.CompleteWhole<T>($"with L, then with Lᵀ: {TriangularRun.Tiling(execution.Engine, 1, _size, right.Columns)}", 2.0 * _size * _size * right.Columns, 0);
        return Tensor.Create(solution, b.Lengths);
    }

    /// <summary>|A - L Lᵀ| / |A| in the Frobenius norm, in float64 on the host: about a unit in the last place times a few.</summary>
    /// <param name="a">The matrix that was factored.</param>
    /// <exception cref="ArgumentException">It is not of the factor's shape.</exception>
    public double Residual(Tensor<T> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != _size || a.Lengths[1] != _size) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; {_size} x {_size} was factored", nameof(a));
        DenseMatrix lower = DenseMatrix.Of(MatrixRef<T>.Of(_lower, _size, _size));
        DenseAlgebra algebra = new((HostEngine)HostExecution.Device.Engine, new("CholeskyFactor.Residual"));
        return DecompositionInput.RelativeDifference(DenseMatrix.Of(a.AsReadOnlyTensorSpan().AsMatrix(nameof(a))), algebra.MultiplyTransposed(lower, lower));
    }
}
