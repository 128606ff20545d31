using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>alpha sum: the epilogue of a matrix product that overwrites the result, whatever stands there (beta = 0, as in BLAS).</summary>
/// <param name="alpha">Factor of the product.</param>
internal readonly struct Scaled<T>(T alpha) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _alpha = alpha;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => V.Broadcast(_alpha) * sum;
}
