using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>A loop over the features: for long terms, whose 64 copies of one step are enough.</summary>
internal readonly struct LoopedSteps : IStepping
{
    /// <inheritdoc/>
    public static RegisterTile<V> Steps<V, T, TTerm, TTile>(
        RegisterTile<V> sums, ArrayView<Quad<V>> xStages, ArrayView<Quad<V>> yStages, int x, int y)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize
    {
        int pitch = TileStaging.Pitch<TTile>();
        for (int line = 0; line < TTile.Depth * pitch; line += pitch)
        {
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + line, y + line);
        }

        return sums;
    }
}
