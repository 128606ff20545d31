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
        if (tolerance is { } share && !(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "the tolerance is a share of the largest diagonal, 0 to 1");
        if (!Element.IsSupported<T>()) throw new NotSupportedException($"{Name}: kernels compute in float and double; convert the {typeof(T).Name} tensor first");
        HostEngine engine = HostExecution.Engine(options, Name);
        RunSettings settings = HostExecution.Settings(options, Name);
        int size = checked((int)a.Lengths[0]);
        T[] both = new T[checked(size * size)];
        FactorInput.Symmetric(engine, a.AsReadOnlyTensorSpan().AsMatrix(nameof(a)), both, settings with { Progress = null }, nameof(a));
        GivenColumns<T> columns = new(Tensor.Create(both, [size, size]));
        double noise = tolerance ?? Math.Min(1, size * columns.Epsilon);
        return new(IncompleteCholeskyHost.Factor(engine, columns, Math.Max(1, size), 0, 1, settings, noise), size, null, null);
    }
}
