using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(gamma x.y + coef0)^degree, by squaring, so that a negative base keeps its sign.</summary>
/// <param name="gamma">Factor of the dot product.</param>
/// <param name="coef0">Added to it.</param>
/// <param name="degree">The power, 0 or more.</param>
internal readonly struct PolynomialFunction<T>(T gamma, T coef0, int degree) : ITileFunction<T>
    where T : unmanaged
{
    private readonly T _gamma = gamma;
    private readonly T _coef0 = coef0;
    private readonly int _degree = degree;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T>
    {
        V power = V.Constant(1);
        V square = V.MultiplyAdd(V.Broadcast(_gamma), sum, V.Broadcast(_coef0));
        for (int remaining = _degree; remaining > 0; remaining >>= 1)
        {
            if ((remaining & 1) != 0) power *= square;
            square *= square;
        }

        return power;
    }
}
