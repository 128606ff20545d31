using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>tanh(gamma x.y + coef0).</summary>
/// <param name="gamma">Factor of the dot product.</param>
/// <param name="coef0">Added to it.</param>
internal readonly struct SigmoidFunction<T>(T gamma, T coef0) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _gamma = gamma;
    private readonly T _coef0 = coef0;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> =>
        VectorMath.Tanh<V, T>(V.MultiplyAdd(V.Broadcast(_gamma), sum, V.Broadcast(_coef0)));
}
