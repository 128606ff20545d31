using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Low-rank factors of Gram matrices that are never stored: K ≈ L Lᵀ with L rows x rank, by pivoted incomplete Cholesky.</summary>
/// <remarks>
/// <para>Pivots are chosen by the largest residual diagonal, a few at a time; K - L Lᵀ stays positive semi-definite, so its trace,
/// which is reported, bounds every norm of the error. Columns of K are computed in the element's precision on the options' device,
/// the factor in float64 on the host. (Harbrecht, Peters and Schneider 2012; Fine and Scheinberg 2001.)</para>
/// <para>Memory: 8 rows rank bytes and a few columns. Cost: rows rank^2 operations, and about rank columns of K. NaN and infinities
/// are rejected. The same bits for any number of threads. Thread-safe.</para>
/// </remarks>
public static class IncompleteCholesky
{
    private const string Name = "IncompleteCholesky.Factor";

    /// <summary>Factors the Gram matrix of the rows of x.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernel">The kernel; neither centred (centre the columns of the factor instead) nor precomputed (give the matrix itself).</param>
    /// <param name="rank">The most columns of the factor; 1 or more.</param>
    /// <param name="tolerance">Stops where the trace of K - L Lᵀ is at most this share of the trace of K; 0 to 1. Rounding noise of the element's precision is never factored.</param>
    /// <param name="options">Device of the columns, threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">x is no matrix, holds a NaN or an infinity (its place is named), or the kernel is centred, precomputed or does not fit x.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rank or the pivots at once are below 1, or the tolerance is outside of 0 to 1.</exception>
    /// <exception cref="NumericalException">The Gram matrix is not positive semi-definite: no kernel of its kind; or a kernel value is beyond the range of the element.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold x and a few columns.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static IncompleteCholeskyFactor<T> Factor<T>(
        Tensor<T> x, Kernel kernel, int rank, double tolerance = 0, IncompleteCholeskyOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        options ??= new();
        Require(rank, tolerance, options);
        if (x.Rank != 2) throw new ArgumentException($"'{nameof(x)}' is {Shape.Of(x.Lengths)}; a matrix (rows x features) is needed", nameof(x));
        using Execution execution = Execution.Begin<T>(options, Name);
        Kernel.Compiled compiled = kernel.Compile<T>(checked((int)x.Lengths[1]));
        if (compiled.Program.Uses(GramOpCode.Centre)) throw new ArgumentException($"{kernel} is centred: factor the kernel itself, and subtract the column means of the factor", nameof(kernel));
        if (compiled.Given.Length > 0) throw new ArgumentException($"{kernel} is precomputed: give the matrix to the overload without rows", nameof(kernel));
        using GramColumns<T> columns = new(x, kernel, execution.Device, options);
        IncompleteFactor factor = Run(columns, rank, tolerance, options, execution.Settings);
        Complete<T>(execution, factor, checked((int)x.Lengths[0]));
        return new(factor, columns.Size, kernel, columns.Rows(factor.Pivots));
    }

    /// <summary>Factors a Gram matrix, or any other positive semi-definite matrix, that is given whole.</summary>
    /// <param name="gram">rows x rows, symmetric; the columns of pivots and the diagonal are read.</param>
    /// <param name="rank">The most columns of the factor; 1 or more.</param>
    /// <param name="tolerance">Stops where the trace of the rest is at most this share of the trace; 0 to 1.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or what is read of it is not finite; the place is named.</exception>
    /// <inheritdoc cref="Factor{T}(Tensor{T}, Kernel, int, double, IncompleteCholeskyOptions?)"/>
    public static IncompleteCholeskyFactor<T> Factor<T>(Tensor<T> gram, int rank, double tolerance = 0, IncompleteCholeskyOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gram);
        options ??= new();
        Require(rank, tolerance, options);
        if (gram.Rank != 2 || gram.Lengths[0] != gram.Lengths[1])
        {
            throw new ArgumentException($"'{nameof(gram)}' is {Shape.Of(gram.Lengths)}; a square matrix is needed", nameof(gram));
        }

        using Execution execution = Execution.Begin<T>(options, Name);
        IncompleteFactor factor = IncompleteCholeskyHost.Factor(
            HostExecution.EngineBeside(options), gram.AsReadOnlyTensorSpan().AsMatrix(nameof(gram)), rank, tolerance, options.PivotsAtOnce, execution.Settings);
        Complete<T>(execution, factor, checked((int)gram.Lengths[0]));
        return new(factor, checked((int)gram.Lengths[0]), null, null);
    }

    private static IncompleteFactor Run(IColumnSource columns, int rank, double tolerance, IncompleteCholeskyOptions options, in RunSettings settings) =>
        IncompleteCholeskyHost.Factor(HostExecution.EngineBeside(options), columns, rank, tolerance, options.PivotsAtOnce, settings);

    private static void Require(int rank, double tolerance, IncompleteCholeskyOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PivotsAtOnce, 1, nameof(options));
        if (!(tolerance is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "the tolerance is a share of the trace, 0 to 1");
    }

    private static void Complete<T>(in Execution execution, IncompleteFactor factor, int rows)
        where T : unmanaged
    {
        if (!execution.IsReported) return;
        execution.CompleteWhole<T>(
            $"columns of K in {Element.NameOf<T>()} on {execution.Device.Description.Name}, {factor.Rank} pivots in float64 on the host",
            (double)rows * factor.Rank * factor.Rank,
            8L * rows * factor.Rank);
    }
}
