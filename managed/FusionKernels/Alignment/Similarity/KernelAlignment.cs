using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>How much two kernels of the same rows have in common: the Hilbert-Schmidt independence criterion, and centred kernel alignment.</summary>
/// <remarks>
/// <para>HSIC is the sum over all pairs of rows of the product of the Gram matrices, centred in feature space, over (n - 1)^2 (Gretton et al.
/// 2005); with linear kernels the squared Frobenius norm of the cross-covariance. Unbiased: without diagonals (Song et al. 2012, eq. 5);
/// it may be negative. Alignment (CKA; Cortes, Mohri and Rostamizadeh 2012, Kornblith et al. 2019) divides by the root of either's with
/// itself: 0 to 1, and 1 for kernels that differ by a factor and a shift.</para>
/// <para>From rows and kernels, no n x n matrix is stored: memory is two blocks of rows. Cost: both Gram matrices and about 10 n^2 operations.
/// Kernel values are computed in the rows' precision on the options' device, sums in float64 on the host, around a provisional mean; the
/// same bits for any number of threads. NaN is rejected. Thread-safe.</para>
/// </remarks>
public static class KernelAlignment
{
    private const string HsicName = "KernelAlignment.Hsic";
    private const string CenteredName = "KernelAlignment.Centered";

    /// <summary>Centred kernel alignment of rows under their kernels.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="kernelX">The kernel of x.</param>
    /// <param name="y">rows x features; row i is the same thing as row i of x.</param>
    /// <param name="kernelY">The kernel of y.</param>
    /// <param name="options">Estimate, device, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows (four where unbiased), an element is not finite (its place is named), or a kernel tells no two rows apart.</exception>
    /// <exception cref="NumericalException">A kernel value is beyond the range of the element; or an unbiased estimate of a kernel with itself is not above 0.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold rows and a tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static double Centered<T>(Tensor<T> x, Kernel kernelX, Tensor<T> y, Kernel kernelY, KernelAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Told(x, y, options, CenteredName, hasKernel: true, () => Alignment(GramPair<T>.Of(x, kernelX, y, kernelY, LeastRows(options), options, CenteredName), options));

    /// <summary>Centred kernel alignment of two Gram matrices.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gramX">rows x rows, symmetric, not yet centred.</param>
    /// <param name="gramY">The same of y.</param>
    /// <param name="options">Estimate, threads; null for the defaults.</param>
    /// <inheritdoc cref="Centered{T}(Tensor{T}, Kernel, Tensor{T}, Kernel, KernelAlignmentOptions?)"/>
    public static double Centered<T>(Tensor<T> gramX, Tensor<T> gramY, KernelAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Told(gramX, gramY, options, CenteredName, hasKernel: false, () => Alignment(GramPair<T>.Of(gramX, gramY, LeastRows(options), options, CenteredName), options));

    /// <summary>Centred alignment of the linear kernels of x and y from their covariances: rows features^2 operations, no pairs of rows.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features.</param>
    /// <param name="y">rows x features; row i is the same thing as row i of x.</param>
    /// <param name="options">Threads, progress, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>|Sxy|^2 / (|Sxx| |Syy|) in Frobenius norms: what <see cref="Centered{T}(Tensor{T}, Kernel, Tensor{T}, Kernel, KernelAlignmentOptions?)"/> gives with linear kernels.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, there are fewer than two rows, an element is not finite (its place is named), or a side does not vary.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static double Linear<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        const string Name = "KernelAlignment.Linear";
        TensorView<T>[] views = [new(x, nameof(x)), new(y, nameof(y))];
        if (views[0].Rows != views[1].Rows) throw new ArgumentException($"x has {views[0].Rows} rows, y has {views[1].Rows}: row i of both must be the same thing", nameof(y));
        if (views[0].Rows < 2) throw new ArgumentException($"x has {views[0].Rows} rows; 2 at least are needed", nameof(x));
        using Execution execution = HostExecution.Begin<T>(options, Name);
        MultiviewMoments moments = new((HostEngine)execution.Engine, views, [[], []], isWeighted: false, execution.Parts);
        double own = Math.Sqrt(Squares(moments, 0, 0)) * Math.Sqrt(Squares(moments, 1, 1));
        double columns = views[0].Columns + views[1].Columns;
        execution.CompleteWhole<T>("covariances of all columns", views[0].Rows * columns * (columns + 1), (long)(8 * columns * columns));
        return own > 0 ? Squares(moments, 0, 1) / own : throw new ArgumentException("a side does not vary: there is nothing to align");
    }

    /// <summary>The Hilbert-Schmidt independence criterion of rows under their kernels.</summary>
    /// <returns>0 or more; unbiased, around 0 where x and y are independent.</returns>
    /// <inheritdoc cref="Centered{T}(Tensor{T}, Kernel, Tensor{T}, Kernel, KernelAlignmentOptions?)"/>
    public static double Hsic<T>(Tensor<T> x, Kernel kernelX, Tensor<T> y, Kernel kernelY, KernelAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Told(x, y, options, HsicName, hasKernel: true, () => Criterion(GramPair<T>.Of(x, kernelX, y, kernelY, LeastRows(options), options, HsicName), x.Lengths[0], options));

    /// <summary>The Hilbert-Schmidt independence criterion of two Gram matrices.</summary>
    /// <returns>0 or more; unbiased, around 0 where x and y are independent.</returns>
    /// <inheritdoc cref="Centered{T}(Tensor{T}, Tensor{T}, KernelAlignmentOptions?)"/>
    public static double Hsic<T>(Tensor<T> gramX, Tensor<T> gramY, KernelAlignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Told(gramX, gramY, options, HsicName, hasKernel: false, () => Criterion(GramPair<T>.Of(gramX, gramY, LeastRows(options), options, HsicName), gramX.Lengths[0], options));

    /// <summary>A measure, and the report of it.</summary>
    private static double Told<T>(Tensor<T> x, Tensor<T> y, ExecutionOptions? options, string operation, bool hasKernel, Func<double> measure)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = HostExecution.BeginBeside<T>(options, operation, hasKernel);
        double result = measure();
        GramPair<T>.Complete(execution, x, y, hasKernel);
        return result;
    }

    private static int LeastRows(KernelAlignmentOptions? options) => options?.Unbiased == true ? 4 : 2;

    private static double Criterion(GramPairSums sums, nint rows, KernelAlignmentOptions? options) =>
        options?.Unbiased == true ? sums.UCentred().XY : sums.Centred().XY / ((rows - 1.0) * (rows - 1.0));

    private static double Alignment(GramPairSums sums, KernelAlignmentOptions? options)
    {
        bool unbiased = options?.Unbiased == true;
        (double xy, double xx, double yy) = unbiased ? sums.UCentred() : sums.Centred();
        if (xx > 0 && yy > 0) return xy / (Math.Sqrt(xx) * Math.Sqrt(yy));
        if (unbiased) throw new NumericalException(CenteredName, xx > 0 ? "y" : "x", "the unbiased estimate of its kernel with itself is not above 0: there is nothing to divide by; take more rows, or the biased one");
        throw new ArgumentException($"the kernel of {(xx > 0 ? "y" : "x")} tells no two rows apart: there is nothing to align");
    }

    private static double Squares(MultiviewMoments moments, int first, int second)
    {
        double sum = 0;
        foreach (double value in moments.Block(moments.Scatter, first, second).Elements) sum += value * value;
        return sum;
    }
}
