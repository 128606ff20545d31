using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Squared distances from dot products and squared norms, on a device.</summary>
/// <remarks>
/// |x|^2 + |y|^2 - 2 x.y loses what |x|^2 + |y|^2 has more in magnitude than the distance: a pair for which that is more than
/// 6 bits is summed again as (x - y)^2 from the operands. Such pairs are few, and the threads that meet them wait for each other.
/// </remarks>
internal static class SquaredDistances
{
    /// <summary>max(0, row + column - 2 dot), not a number where that is none.</summary>
    public static V Of<V, T>(V dot, V row, V column)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.Max(V.Constant(0), V.MultiplyAdd(V.Constant(-2), dot, row + column));

    /// <summary>Whether the difference lost too much.</summary>
    public static bool IsNear<V, T>(V distance, V row, V column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => V.IsLess(distance, V.Constant(PairDistance.Near) * (row + column));

    /// <summary>The sum of (x - y)^2 from the operands.</summary>
    public static V Exact<V, T>(
        ArrayView<T> x, ArrayView<T> y, ArrayView<T> centre, TiledProductShape shape, T scale, TilePosition pair)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long xIndex = shape.X.Offset + (pair.Matrix * shape.X.BatchStride) + (pair.Row * shape.X.RowStride);
        long yIndex = shape.Y.Offset + (pair.Matrix * shape.Y.BatchStride) + (pair.Column * shape.Y.RowStride);
        V sum = default;
        for (int feature = 0; feature < shape.Depth; feature++)
        {
            V difference = DeviceElement.Load<V, T>(x, xIndex, centre, feature, shape.IsCentred, scale)
                - DeviceElement.Load<V, T>(y, yIndex, centre, feature, shape.IsCentred, scale);
            sum = V.MultiplyAdd(difference, difference, sum);
            xIndex += shape.X.ColumnStride;
            yIndex += shape.Y.ColumnStride;
        }

        return sum;
    }

    /// <summary>The squared distances of a thread's dot products.</summary>
    public static RegisterTile<V> OfTile<V, T, TTile>(
        RegisterTile<V> dots,
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        ArrayView<T> centre,
        TiledProductShape shape,
        T scale,
        TilePosition tile)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTile : struct, ITileSize
    {
        TilePosition first = TiledProductKernel.FragmentPlace<TTile>(tile, 0);
        TilePosition last = TiledProductKernel.FragmentPlace<TTile>(tile, 3);
        Quad<V> upper = TileStore.RowValues<V, T>(rowValues, shape, first);
        Quad<V> left = TileStore.ColumnValues<V, T>(columnValues, shape, first);

        RegisterTile<V> distances = default;
        distances.UpperLeft = OfFragment<V, T>(dots.UpperLeft, upper, left);
        long near = NearOnes<V, T>(distances.UpperLeft, upper, left);
        if (TTile.IsWide)
        {
            Quad<V> lower = TileStore.RowValues<V, T>(rowValues, shape, last);
            Quad<V> right = TileStore.ColumnValues<V, T>(columnValues, shape, last);
            distances.UpperRight = OfFragment<V, T>(dots.UpperRight, upper, right);
            distances.LowerLeft = OfFragment<V, T>(dots.LowerLeft, lower, left);
            distances.LowerRight = OfFragment<V, T>(dots.LowerRight, lower, right);
            near |= (NearOnes<V, T>(distances.UpperRight, upper, right) << 16)
                | (NearOnes<V, T>(distances.LowerLeft, lower, left) << 32)
                | (NearOnes<V, T>(distances.LowerRight, lower, right) << 48);
        }

        for (int element = 0; near != 0; element++, near = (long)((ulong)near >> 1))
        {
            if ((near & 1) == 0) continue;
            TilePosition pair = TiledProductKernel.FragmentPlace<TTile>(tile, element >> 4);
            pair.Row += (element >> 2) & 3;
            pair.Column += element & 3;
            distances = RegisterTile<V>.Replace(distances, element, Exact<V, T>(x, y, centre, shape, scale, pair));
        }

        return distances;
    }

    private static Fragment<V> OfFragment<V, T>(Fragment<V> dots, Quad<V> rows, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            Row0 = OfQuad<V, T>(dots.Row0, rows.X, columns),
            Row1 = OfQuad<V, T>(dots.Row1, rows.Y, columns),
            Row2 = OfQuad<V, T>(dots.Row2, rows.Z, columns),
            Row3 = OfQuad<V, T>(dots.Row3, rows.W, columns),
        };

    private static Quad<V> OfQuad<V, T>(Quad<V> dots, V row, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            X = Of<V, T>(dots.X, row, columns.X),
            Y = Of<V, T>(dots.Y, row, columns.Y),
            Z = Of<V, T>(dots.Z, row, columns.Z),
            W = Of<V, T>(dots.W, row, columns.W),
        };

    /// <summary>A bit per element, row by row; padding has zero norms and is never near.</summary>
    private static long NearOnes<V, T>(Fragment<V> distances, Quad<V> rows, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged =>
        NearOnes<V, T>(distances.Row0, rows.X, columns)
        | (NearOnes<V, T>(distances.Row1, rows.Y, columns) << 4)
        | (NearOnes<V, T>(distances.Row2, rows.Z, columns) << 8)
        | (NearOnes<V, T>(distances.Row3, rows.W, columns) << 12);

    private static long NearOnes<V, T>(Quad<V> distances, V row, Quad<V> columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged =>
        (IsNear<V, T>(distances.X, row, columns.X) ? 1L : 0)
        | (IsNear<V, T>(distances.Y, row, columns.Y) ? 2L : 0)
        | (IsNear<V, T>(distances.Z, row, columns.Z) ? 4L : 0)
        | (IsNear<V, T>(distances.W, row, columns.W) ? 8L : 0);
}
