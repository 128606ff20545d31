using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>The tiled product with one element per thread: for small results, and for devices of small groups.</summary>
/// <remarks>
/// Edge x Edge threads own a tile; a square of each operand at a time stands in shared memory, its lines one element apart
/// more than they need, so that a column falls into different banks.
/// </remarks>
internal static class SmallProductKernel
{
    /// <summary>The kernel; parameters as those of <see cref="TiledProductKernel"/>.</summary>
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
        where TTile : struct, ISmallTile
    {
        TilePosition tile = TilePosition.Of(shape, shape.FirstTile + Grid.IdxX, TTile.Edge);
        V sum = Sum<V, T, TTerm, TTile>(x, y, centre, shape, scale, tile);
        TilePosition pair = tile;
        pair.Row += Group.IdxX / TTile.Edge;
        pair.Column += Group.IdxX % TTile.Edge;
        bool isSymmetric = shape.IsSymmetric != 0;
        if (pair.Row >= shape.Rows || pair.Column >= shape.Columns || (isSymmetric && pair.Column < pair.Row)) return;

        V row = TileStore.RowValues<V, T>(rowValues, shape, pair).X;
        V column = TileStore.ColumnValues<V, T>(columnValues, shape, pair).X;
        if (TFunction.OfSquaredDistance)
        {
            sum = SquaredDistances.Of<V, T>(sum, row, column);
            if (SquaredDistances.IsNear<V, T>(sum, row, column)) sum = SquaredDistances.Exact<V, T>(x, y, centre, shape, scale, pair);
        }

        long start = shape.Result.Offset + (pair.Matrix * shape.Result.BatchStride);
        long place = start + (pair.Row * shape.Result.RowStride) + (pair.Column * shape.Result.ColumnStride);
        V previous = default;
        if (TFunction.ReadsPrevious) previous = V.Broadcast(result[place]);
        V value = function.Evaluate(sum, row, column, previous);
        result.Cast<V>()[place] = value;
        if (isSymmetric)
        {
            result.Cast<V>()[start + (pair.Column * shape.Result.RowStride) + (pair.Row * shape.Result.ColumnStride)] = value;
        }
    }

    private static V Sum<V, T, TTerm, TTile>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, TiledProductShape shape, T scale, TilePosition tile)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ISmallTile
    {
        ArrayView<V> xSquare = SharedMemory.Allocate<V>(TTile.Edge * (TTile.Edge + 1));
        ArrayView<V> ySquare = SharedMemory.Allocate<V>(TTile.Edge * (TTile.Edge + 1));
        int upper = Group.IdxX / TTile.Edge;
        int lower = Group.IdxX % TTile.Edge;
        int xLine = upper * (TTile.Edge + 1);
        int yLine = lower * (TTile.Edge + 1);
        V sum = default;
        for (int feature = 0; feature < shape.Depth; feature += TTile.Edge)
        {
            Stage<V, T, TTile>(xSquare, x, centre, shape.X, tile.Matrix, tile.Row, shape.Rows, feature, shape, scale);
            Stage<V, T, TTile>(ySquare, y, centre, shape.Y, tile.Matrix, tile.Column, shape.Columns, feature, shape, scale);

            // The squares must stand before they are read.
            Group.Barrier();
            for (int k = 0; k < TTile.Edge; k++) sum = TTerm.Accumulate(sum, xSquare[xLine + k], ySquare[yLine + k]);

            // All must have read before the next turn overwrites.
            Group.Barrier();
        }

        return sum;
    }

    /// <summary>Threads side by side read what lies side by side, features or rows; padding is zero.</summary>
    private static void Stage<V, T, TTile>(
        ArrayView<V> square,
        ArrayView<T> memory,
        ArrayView<T> centre,
        DeviceLayout matrix,
        long batch,
        int firstRow,
        int rows,
        int firstFeature,
        TiledProductShape shape,
        T scale)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTile : struct, ISmallTile
    {
        int slow = Group.IdxX / TTile.Edge;
        int fast = Group.IdxX % TTile.Edge;
        int row = matrix.AlongRows != 0 ? fast : slow;
        int feature = matrix.AlongRows != 0 ? slow : fast;
        V element = default;
        if (firstRow + row < rows && firstFeature + feature < shape.Depth)
        {
            long index = matrix.Offset + (batch * matrix.BatchStride)
                + ((firstRow + row) * matrix.RowStride) + ((firstFeature + feature) * matrix.ColumnStride);
            element = DeviceElement.Load<V, T>(memory, index, centre, firstFeature + feature, shape.IsCentred, scale);
        }

        square[(row * (TTile.Edge + 1)) + feature] = element;
    }
}
