using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>activation(sum + column value): the epilogue of a linear layer.</summary>
/// <param name="activation">The activation.</param>
internal readonly struct BiasedActivation<T, TActivation>(TActivation activation) : ITileFunction<T>
    where T : unmanaged
    where TActivation : unmanaged, IActivation<T>
{
    private readonly TActivation _activation = activation;

    /// <inheritdoc/>
    public static bool OfSquaredDistance => false;

    /// <inheritdoc/>
    public static bool ReadsPrevious => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T> => _activation.Value(sum + column);
}
