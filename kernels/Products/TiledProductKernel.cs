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
    public static void Run<V, T, TTerm, TFunction, TTile, TStepping>(
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
        where TStepping : struct, IStepping
    {
        TilePosition tile = TilePosition.Of(shape, shape.FirstTile + Grid.IdxX, TTile.Edge);
        RegisterTile<V> sums = Sum<V, T, TTerm, TTile, TStepping>(x, y, centre, shape, scale, tile);
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

    private static RegisterTile<V> Sum<V, T, TTerm, TTile, TStepping>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, TiledProductShape shape, T scale, TilePosition tile)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize
        where TStepping : struct, IStepping
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
            sums = TStepping.Steps<V, T, TTerm, TTile>(sums, xStages, yStages, stage + ThreadRow(), stage + ThreadColumn());
            stage = TileStaging.Quads<TTile>() - stage;
        }

        return sums;
    }

    // Eight threads side by side and four below each other read 8 and 4 different quads: 128 and 64 bytes, free of bank conflicts.
    private static int ThreadColumn() => (((Group.IdxX >> 5) & 1) * 8) + (Group.IdxX & 7);

    private static int ThreadRow() => ((Group.IdxX >> 6) * 4) + ((Group.IdxX >> 3) & 3);
}
