using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>exp(-gamma s): Laplacian over sums of |x - y|, chi-squared over sums of (x - y)^2 / (x + y), periodic over sums of sin^2.</summary>
/// <param name="factor">-gamma.</param>
internal readonly struct ExponentialOfSum<T>(T factor) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => VectorMath.Exp<V, T>(sum * V.Broadcast(_factor));
}
