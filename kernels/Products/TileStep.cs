using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>The innermost step of a tiled product on a device: a quad or two of each operand from shared memory, 16 or 64 terms.</summary>
internal static class TileStep
{
    /// <summary>One feature: every row of the thread with every column.</summary>
    public static RegisterTile<V> Add<V, T, TTerm, TTile>(
        RegisterTile<V> sums, ArrayView<Quad<V>> xStages, ArrayView<Quad<V>> yStages, int xQuad, int yQuad)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize
    {
        Quad<V> upper = xStages[xQuad];
        Quad<V> left = yStages[yQuad];
        sums.UpperLeft = Accumulate<V, T, TTerm>(sums.UpperLeft, upper, left);
        if (TTile.IsWide)
        {
            Quad<V> lower = xStages[xQuad + (TTile.Edge / 8)];
            Quad<V> right = yStages[yQuad + (TTile.Edge / 8)];
            sums.UpperRight = Accumulate<V, T, TTerm>(sums.UpperRight, upper, right);
            sums.LowerLeft = Accumulate<V, T, TTerm>(sums.LowerLeft, lower, left);
            sums.LowerRight = Accumulate<V, T, TTerm>(sums.LowerRight, lower, right);
        }

        return sums;
    }

    /// <summary>Every row of a quad with every column of another.</summary>
    public static Fragment<V> Accumulate<V, T, TTerm>(Fragment<V> sums, Quad<V> rows, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        sums.Row0 = Accumulate<V, T, TTerm>(sums.Row0, rows.X, columns);
        sums.Row1 = Accumulate<V, T, TTerm>(sums.Row1, rows.Y, columns);
        sums.Row2 = Accumulate<V, T, TTerm>(sums.Row2, rows.Z, columns);
        sums.Row3 = Accumulate<V, T, TTerm>(sums.Row3, rows.W, columns);
        return sums;
    }

    private static Quad<V> Accumulate<V, T, TTerm>(Quad<V> sums, V row, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        sums.X = TTerm.Accumulate(sums.X, row, columns.X);
        sums.Y = TTerm.Accumulate(sums.Y, row, columns.Y);
        sums.Z = TTerm.Accumulate(sums.Z, row, columns.Z);
        sums.W = TTerm.Accumulate(sums.W, row, columns.W);
        return sums;
    }
}
