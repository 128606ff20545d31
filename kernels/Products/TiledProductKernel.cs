using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>The product of big operands on a device: result[i, j] = function(sum over k of term(x[i, k], y[j, k])).</summary>
/// <remarks>
/// A group of 256 threads owns one tile, a thread 8 x 8 or 4 x 4 elements of it in registers. Operands pass through two stages
/// of shared memory: while one is computed with, the loads of the next are in flight and then go to the other, so that one
/// barrier a step suffices. Every sum runs over the features in order, in one accumulator, wherever its tile lies.
/// </remarks>
internal static class TiledProductKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the left operand.</param>
    /// <param name="y">Memory of the right operand.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="rowValues">A value per row of the result.</param>
    /// <param name="columnValues">A value per column of the result.</param>
    /// <param name="centre">What is subtracted from both operands, one element per feature.</param>
    /// <param name="shape">Sizes and layouts.</param>
    /// <param name="scale">Factor of the centred operands.</param>
    /// <param name="function">What becomes of a sum.</param>
    public static void Run<V, T, TTerm, TFunction, TTile>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> result,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        ArrayView<T> centre,
        TiledProductShape shape,
        T scale,
        TFunction function)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
        where TTile : struct, ITileSize
    {
        TilePosition tile = TilePosition.Of(shape, shape.FirstTile + Grid.IdxX, TTile.Edge);
        RegisterTile<V> sums = Sum<V, T, TTerm, TTile>(x, y, centre, shape, scale, tile);
        if (TFunction.OfSquaredDistance)
        {
            sums = SquaredDistances.OfTile<V, T, TTile>(sums, x, y, rowValues, columnValues, centre, shape, scale, tile);
        }

        int parts = TTile.IsWide ? 4 : 1;
        for (int part = 0; part < parts; part++)
        {
            TilePosition place = FragmentPlace<TTile>(tile, part);
            TileStore.Store<V, T, TFunction>(RegisterTile<V>.Pick(sums, part), result, rowValues, columnValues, shape, place, function);
        }
    }

    /// <summary>Where a fragment of this thread lies in the result.</summary>
    public static TilePosition FragmentPlace<TTile>(TilePosition tile, int part)
        where TTile : struct, ITileSize => new()
        {
            Matrix = tile.Matrix,
            Row = tile.Row + (ThreadRow() * 4) + ((part >> 1) * (TTile.Edge / 2)),
            Column = tile.Column + (ThreadColumn() * 4) + ((part & 1) * (TTile.Edge / 2)),
        };

    private static RegisterTile<V> Sum<V, T, TTerm, TTile>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, TiledProductShape shape, T scale, TilePosition tile)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize
    {
        ArrayView<Quad<V>> xStages = SharedMemory.Allocate<Quad<V>>(2 * TileStaging.Quads<TTile>());
        ArrayView<Quad<V>> yStages = SharedMemory.Allocate<Quad<V>>(2 * TileStaging.Quads<TTile>());
        TileOperand<V> xNext = TileStaging.Open<V, TTile>(shape.X, tile.Matrix, tile.Row, shape.Rows, shape.Depth);
        TileOperand<V> yNext = TileStaging.Open<V, TTile>(shape.Y, tile.Matrix, tile.Column, shape.Columns, shape.Depth);
        xNext = TileStaging.Fetch<V, T, TTile>(xNext, x, centre, shape.X, shape);
        yNext = TileStaging.Fetch<V, T, TTile>(yNext, y, centre, shape.Y, shape);

        RegisterTile<V> sums = default;
        int stage = 0;
        for (int feature = 0; feature < shape.Depth; feature += TTile.Depth)
        {
            TileStaging.Stage<V, T, TTile>(xNext, xStages, stage, shape.X.AlongRows != 0, shape.IsCentred, scale);
            TileStaging.Stage<V, T, TTile>(yNext, yStages, stage, shape.Y.AlongRows != 0, shape.IsCentred, scale);

            // What was staged must be visible; and whoever passes has left the other stage, which the next turn overwrites.
            Group.Barrier();
            xNext = TileStaging.Fetch<V, T, TTile>(xNext, x, centre, shape.X, shape);
            yNext = TileStaging.Fetch<V, T, TTile>(yNext, y, centre, shape.Y, shape);
            sums = EightSteps<V, T, TTerm, TTile>(sums, xStages, yStages, stage);
            if (TTile.Depth > 8)
            {
                sums = EightSteps<V, T, TTerm, TTile>(sums, xStages, yStages, stage + (8 * TileStaging.Pitch<TTile>()));
            }

            stage = TileStaging.Quads<TTile>() - stage;
        }

        return sums;
    }

    /// <summary>Eight staged features, written out: device compilers keep loops as they stand.</summary>
    private static RegisterTile<V> EightSteps<V, T, TTerm, TTile>(
        RegisterTile<V> sums, ArrayView<Quad<V>> xStages, ArrayView<Quad<V>> yStages, int line)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize
    {
        int pitch = TileStaging.Pitch<TTile>();
        int x = line + ThreadRow();
        int y = line + ThreadColumn();
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x, y);
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + pitch, y + pitch);
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (2 * pitch), y + (2 * pitch));
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (3 * pitch), y + (3 * pitch));
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (4 * pitch), y + (4 * pitch));
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (5 * pitch), y + (5 * pitch));
        sums = Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (6 * pitch), y + (6 * pitch));
        return Step<V, T, TTerm, TTile>(sums, xStages, yStages, x + (7 * pitch), y + (7 * pitch));
    }

    /// <summary>One feature: every row of the thread with every column.</summary>
    private static RegisterTile<V> Step<V, T, TTerm, TTile>(
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

    private static Fragment<V> Accumulate<V, T, TTerm>(Fragment<V> sums, Quad<V> rows, Quad<V> columns)
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

    // Eight threads side by side and four below each other read 8 and 4 different quads: 128 and 64 bytes, free of bank conflicts.
    private static int ThreadColumn() => (((Group.IdxX >> 5) & 1) * 8) + (Group.IdxX & 7);

    private static int ThreadRow() => ((Group.IdxX >> 6) * 4) + ((Group.IdxX >> 3) & 3);
}
