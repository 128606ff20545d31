using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>exp(-gamma |x - y|): the exponential kernel, and Matern of nu 1/2 with gamma 1 / length scale.</summary>
/// <param name="factor">-gamma.</param>
internal readonly struct ExponentialFunction<T>(T factor) : ITileFunction<T>
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
        where V : unmanaged, IVector<V, T> => VectorMath.ExpOfNegative<V, T>(V.Sqrt(sum) * V.Broadcast(_factor));
}
