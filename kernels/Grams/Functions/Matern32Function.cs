using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(1 + a) exp(-a) with a = sqrt(3) |x - y| / l: Matern of nu 3/2.</summary>
/// <param name="slope">sqrt(3) / l.</param>
internal readonly struct Matern32Function<T>(T slope) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _slope = slope;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => true;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T>
    {
        // Beyond 1e4 the exponential is 0 in both precisions; the bound keeps infinity times 0 from becoming NaN.
        V a = V.Min(V.Constant(1e4), V.Sqrt(sum) * V.Broadcast(_slope));
        return (V.Constant(1) + a) * VectorMath.ExpOfNegative<V, T>(a * V.Constant(-1));
    }
}
