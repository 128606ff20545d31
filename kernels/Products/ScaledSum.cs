using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>alpha sum + beta previous: the epilogue of a matrix product that adds to what stands in the result.</summary>
/// <param name="alpha">Factor of the product.</param>
/// <param name="beta">Factor of what stands in the result; the result is read, so it must be finite even for 0: use <see cref="Scaled{T}"/> then.</param>
internal readonly struct ScaledSum<T>(T alpha, T beta) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _alpha = alpha;
    private readonly T _beta = beta;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(V.Broadcast(_alpha), sum, V.Broadcast(_beta) * previous);
}
