using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Randomized range finder: few orthonormal columns Q with A about Q Qᵀ A, from products with random columns.</summary>
/// <remarks>
/// <para>A times Gaussian columns, multiplied by A Aᵀ a few times, each product followed by a QR factorisation (Halko, Martinsson and
/// Tropp 2011, algorithms 4.1, 4.2 and 4.4). On average without powers |A - Q Qᵀ A|² in the Frobenius norm is at most 1 + k / (p - 1)
/// times the sum of the squares of all singular values beyond the k-th, with p columns of oversampling (theorem 10.5).</para>
/// <para>All products, in the element's precision, run on the device, to which A is brought once. 2 (1 + 2 powers) rows columns width
/// operations and 4 width^2 (rows + columns) for each QR; memory: A on an accelerator, and a few times width (rows + columns) elements. Each
/// random number is a function of the seed and its place alone: the same bits for any number of threads, and from run to run on one
/// device. NaN and infinities are rejected. Thread-safe.</para>
/// </remarks>
public static class RangeFinder
{
    private const string Name = "RangeFinder.Find";

    /// <summary>Finds so many columns, or as many as a tolerance asks for.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x columns.</param>
    /// <param name="rank">The basis has this many columns and those of <see cref="RangeFinderOptions.Oversampling"/>, at most the smaller extent; with a tolerance, at most so many.</param>
    /// <param name="tolerance">
    /// 0 (the default) for all columns at once; else the share of the Frobenius norm of A at which <see cref="RangeFinderResult{T}.ErrorBound"/> is
    /// small enough, below 1: blocks of 10 columns are added until it is. Below a few hundred units in the last place it is never reached.
    /// </param>
    /// <param name="options">Powers, oversampling, seed, device, threads, cancellation (between products); null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no matrix, or an element is not finite; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rank is below 1 or beyond the smaller extent, the tolerance not at least 0 and below 1, powers or oversampling negative.</exception>
    /// <exception cref="NotSupportedException">The element is neither float nor double, or the device has no float64.</exception>
    /// <exception cref="NumericalException">A product is beyond the range of the element.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the matrix.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static RangeFinderResult<T> Find<T>(Tensor<T> a, int rank, double tolerance = 0, RangeFinderOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        options ??= new();
        Require(a, rank, tolerance, options);
        MatrixRef<T> matrix = a.AsReadOnlyTensorSpan().AsMatrix(nameof(a));
        using Execution execution = Execution.Begin<T>(options, Name);
        DecompositionInput.RequireFinite(matrix, nameof(a));
        using DeviceTensor<T>? onDevice = HostExecution.IsHost(execution.Device) ? null : execution.Device.Upload(a);
        return Find(execution, onDevice is null ? matrix : onDevice.AsMatrix(nameof(a)), rank, tolerance * DecompositionInput.Norm(matrix), options);
    }

    private static RangeFinderResult<T> Find<T>(in Execution execution, MatrixRef<T> matrix, int rank, double tolerance, RangeFinderOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int smaller = Math.Min(matrix.Rows, matrix.Columns), most = (int)Math.Min((long)rank + options.Oversampling, smaller);
        (T[] basis, int width, double bound) = RangeRun.Find(
            execution.Engine, HostExecution.EngineBeside(options), matrix, most, tolerance, (ulong)options.Seed, options.Powers, execution.Settings);
        double products = (1 + (2.0 * options.Powers)) * 2 * matrix.Rows * matrix.Columns * width;
        string found = tolerance > 0 ? $"{width} columns in blocks of {RangeSearch.Probes}, of at most {most}, until the bound is met" : $"{width} columns at once, for no tolerance is asked for";
        int block = tolerance > 0 ? Math.Min(RangeSearch.Probes, most) : width;
        QrPlan between = HostExecution.IsHost(execution.Device) ? QrPlan.OnHost(matrix.Rows, block) : QrPlan.OnAccelerator(matrix.Rows, block);
        string route = $"{matrix.Rows} x {matrix.Columns}: {found}, {options.Powers} powers of A Aᵀ, QR by {between.Route}, {between.Why}";
        execution.CompleteWhole<T>(route, products, Element.SizeOf<T>() * 3L * width * ((long)matrix.Rows + matrix.Columns));
        return new(Tensor.Create(basis, [matrix.Rows, width]), bound, tolerance == 0 || bound <= tolerance, route);
    }

    private static void Require<T>(Tensor<T> a, int rank, double tolerance, RangeFinderOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Rank != 2) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a matrix (rows x columns) is needed", nameof(a));
        nint smaller = nint.Min(a.Lengths[0], a.Lengths[1]);
        if (rank < 1 || rank > smaller) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"'{nameof(a)}' is {Shape.Of(a.Lengths)}: its rank is between 1 and {smaller}");
        if (!(tolerance is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "the tolerance must be 0, or above 0 and below 1");
        if (options.Powers < 0) throw new ArgumentOutOfRangeException(nameof(options), options.Powers, $"{nameof(options.Powers)} must be 0 or more");
        if (options.Oversampling < 0) throw new ArgumentOutOfRangeException(nameof(options), options.Oversampling, $"{nameof(options.Oversampling)} must be 0 or more");
    }
}
