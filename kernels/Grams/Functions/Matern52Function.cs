using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(1 + a + a^2 / 3) exp(-a) with a = sqrt(5) |x - y| / l: Matern of nu 5/2.</summary>
/// <param name="slope">sqrt(5) / l.</param>
internal readonly struct Matern52Function<T>(T slope) : ITileFunction<T>
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
        V polynomial = V.MultiplyAdd(a, V.MultiplyAdd(a, V.Constant(1.0 / 3), V.Constant(1)), V.Constant(1));
        return polynomial * VectorMath.ExpOfNegative<V, T>(a * V.Constant(-1));
    }
}
