using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>What stands in the result, and weight times a function: a further one of a sum of kernels.</summary>
/// <param name="function">The function.</param>
/// <param name="weight">Its weight.</param>
internal readonly struct AddedFunction<T, TFunction>(TFunction function, T weight) : ITileFunction<T>
    where T : unmanaged
    where TFunction : unmanaged, ITileFunction<T>
{
    private readonly TFunction _function = function;
    private readonly T _weight = weight;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => TFunction.OfSquaredDistance;

    /// <inheritdoc/>
    public static bool ReadsPrevious => true;

    /// <inheritdoc/>
    public static bool IsLong => TFunction.IsLong;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => previous + (_function.Evaluate<V>(sum, row, column, default) * V.Broadcast(_weight));
}
