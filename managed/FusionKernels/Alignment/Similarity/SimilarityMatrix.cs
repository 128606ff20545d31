using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The similarities of the rows of one set to those of another, in a space that both share.</summary>
public static class SimilarityMatrix
{
    /// <summary>Computes the matrix.</summary>
    /// <remarks>
    /// It is the Gram matrix of the metric's kernel: cost 2 rows columns features operations, on every device, the same bits for
    /// any number of threads. NaN in the input is rejected with its position by default. For sets whose matrix no memory holds
    /// see <see cref="Matching"/> and <see cref="Retrieval"/>, which keep none.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features.</param>
    /// <param name="b">columns x features.</param>
    /// <param name="metric">The metric, or a kernel.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>rows x columns; greater is more similar.</returns>
    /// <exception cref="ArgumentException">The features differ, or a or b as for <see cref="Gram.Compute{T}(Tensor{T}, Tensor{T}, Kernel, GramOptions?)"/>.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold even the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Compute<T>(Tensor<T> a, Tensor<T> b, SimilarityMetric metric, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        return Gram.Compute(rows, columns, kernel, options);
    }
}
