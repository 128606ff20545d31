using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>x.y / (|x| |y|), with the reciprocal norms as row and column values; 0 for a zero vector, whose value is 0.</summary>
internal readonly struct CosineFunction<T> : ITileFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => sum * (row * column);
}
