using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>A function of the squared distance, applied to a sum that already is one.</summary>
/// <param name="function">The function.</param>
internal readonly struct OfSum<T, TFunction>(TFunction function) : ITileFunction<T>
    where T : unmanaged
    where TFunction : unmanaged, ITileFunction<T>
{
    private readonly TFunction _function = function;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => TFunction.ReadsPrevious;

    /// <inheritdoc/>
    public static bool IsLong => TFunction.IsLong;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => _function.Evaluate(sum, row, column, previous);
}
