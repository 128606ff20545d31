using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(1 + |x - y|^2 / (2 alpha l^2))^-alpha.</summary>
/// <param name="alpha">The mixture of length scales.</param>
/// <param name="inverseScale">1 / (2 alpha l^2).</param>
internal readonly struct RationalQuadraticFunction<T>(T alpha, T inverseScale) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _alpha = alpha;
    private readonly T _inverseScale = inverseScale;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => true;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    public static bool IsLong => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T>
    {
        V logarithm = VectorMath.Log<V, T>(V.MultiplyAdd(sum, V.Broadcast(_inverseScale), V.Constant(1)));
        return VectorMath.ExpOfNegative<V, T>(logarithm * V.Broadcast(_alpha) * V.Constant(-1));
    }
}
