using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>exp(-gamma |x - y|^2).</summary>
/// <param name="factor">-gamma.</param>
internal readonly struct RbfFunction<T>(T factor) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => true;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => VectorMath.ExpOfNegative<V, T>(sum * V.Broadcast(_factor));
}
