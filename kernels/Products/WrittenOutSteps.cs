using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Eight features at a time written out, since device compilers keep loops as they stand: for short terms.</summary>
internal readonly struct WrittenOutSteps : IStepping
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
        for (int line = 0; line < TTile.Depth; line += 8, x += 8 * pitch, y += 8 * pitch)
        {
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x, y);
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + pitch, y + pitch);
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (2 * pitch), y + (2 * pitch));
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (3 * pitch), y + (3 * pitch));
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (4 * pitch), y + (4 * pitch));
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (5 * pitch), y + (5 * pitch));
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (6 * pitch), y + (6 * pitch));
            sums = TileStep.Add<V, T, TTerm, TTile>(sums, xStages, yStages, x + (7 * pitch), y + (7 * pitch));
        }

        return sums;
    }
}
