using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>The end of a tiled product on a device: a fragment's sums become values and go to the result.</summary>
internal static class TileStore
{
    /// <summary>Evaluates and stores a fragment, mirrored too in a symmetric product.</summary>
    /// <param name="sums">The finished sums.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="rowValues">A value per row.</param>
    /// <param name="columnValues">A value per column.</param>
    /// <param name="shape">Sizes and layouts.</param>
    /// <param name="place">The fragment's first row and column.</param>
    /// <param name="function">What becomes of a sum.</param>
    public static void Store<V, T, TFunction>(
        Fragment<V> sums,
        ArrayView<T> result,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        TiledProductShape shape,
        TilePosition place,
        TFunction function)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFunction : unmanaged, ITileFunction<T>
    {
        bool isSymmetric = shape.IsSymmetric != 0;
        if (place.Row >= shape.Rows || place.Column >= shape.Columns || (isSymmetric && place.Column < place.Row)) return;
        Quad<V> rows = RowValues<V, T>(rowValues, shape, place);
        Quad<V> columns = ColumnValues<V, T>(columnValues, shape, place);
        Fragment<V> previous = default;
        if (TFunction.ReadsPrevious) previous = Previous<V, T>(result, shape, place);

        Fragment<V> values;
        values.Row0 = Evaluate<V, T, TFunction>(function, sums.Row0, rows.X, columns, previous.Row0);
        values.Row1 = Evaluate<V, T, TFunction>(function, sums.Row1, rows.Y, columns, previous.Row1);
        values.Row2 = Evaluate<V, T, TFunction>(function, sums.Row2, rows.Z, columns, previous.Row2);
        values.Row3 = Evaluate<V, T, TFunction>(function, sums.Row3, rows.W, columns, previous.Row3);

        if (isSymmetric && place.Column == place.Row) values = Fragment<V>.Mirror(values);
        bool alongRows = shape.Result.AlongRows != 0;
        bool isMirrored = isSymmetric && place.Column != place.Row;
        if (!alongRows || isMirrored) StoreLines<V, T>(values, result, shape, place.Matrix, place.Row, shape.Rows, place.Column, shape.Columns);
        if (alongRows || isMirrored)
        {
            Fragment<V> turned = Fragment<V>.Transpose(values);
            StoreLines<V, T>(turned, result, shape, place.Matrix, place.Column, shape.Columns, place.Row, shape.Rows);
        }
    }

    /// <summary>The values of a fragment's rows; zero where there are none.</summary>
    public static Quad<V> RowValues<V, T>(ArrayView<T> values, TiledProductShape shape, TilePosition place)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged =>
        QuadAccess.Load<V, T>(
            values, (place.Matrix * shape.RowValuesStride) + place.Row, 1, shape.HasRowValues != 0 ? shape.Rows - place.Row : 0, isVector: 0);

    /// <summary>The values of a fragment's columns; zero where there are none.</summary>
    public static Quad<V> ColumnValues<V, T>(ArrayView<T> values, TiledProductShape shape, TilePosition place)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged =>
        QuadAccess.Load<V, T>(
            values,
            (place.Matrix * shape.ColumnValuesStride) + place.Column,
            1,
            shape.HasRowValues != 0 ? shape.Columns - place.Column : 0,
            isVector: 0);

    private static Quad<V> Evaluate<V, T, TFunction>(TFunction function, Quad<V> sums, V row, Quad<V> columns, Quad<V> previous)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TFunction : unmanaged, ITileFunction<T> => new()
        {
            X = function.Evaluate(sums.X, row, columns.X, previous.X),
            Y = function.Evaluate(sums.Y, row, columns.Y, previous.Y),
            Z = function.Evaluate(sums.Z, row, columns.Z, previous.Z),
            W = function.Evaluate(sums.W, row, columns.W, previous.W),
        };

    private static Fragment<V> Previous<V, T>(ArrayView<T> result, TiledProductShape shape, TilePosition place)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => shape.Result.AlongRows == 0
            ? LoadLines<V, T>(result, shape, place.Matrix, place.Row, shape.Rows, place.Column, shape.Columns)
            : Fragment<V>.Transpose(LoadLines<V, T>(result, shape, place.Matrix, place.Column, shape.Columns, place.Row, shape.Rows));

    /// <summary>Four lines of the result: rows where a row is contiguous, else columns.</summary>
    private static Fragment<V> LoadLines<V, T>(
        ArrayView<T> result, TiledProductShape shape, long matrix, int line, int lines, int first, int length)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long start = Start(shape.Result, matrix, line, first);
        long pitch = Pitch(shape.Result);
        long step = StepAlong(shape.Result);
        int valid = length - first;
        int isVector = shape.Result.IsVector;
        return new()
        {
            Row0 = QuadAccess.Load<V, T>(result, start, step, valid, isVector),
            Row1 = QuadAccess.Load<V, T>(result, start + pitch, step, line + 1 < lines ? valid : 0, isVector),
            Row2 = QuadAccess.Load<V, T>(result, start + (2 * pitch), step, line + 2 < lines ? valid : 0, isVector),
            Row3 = QuadAccess.Load<V, T>(result, start + (3 * pitch), step, line + 3 < lines ? valid : 0, isVector),
        };
    }

    private static void StoreLines<V, T>(
        Fragment<V> values, ArrayView<T> result, TiledProductShape shape, long matrix, int line, int lines, int first, int length)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long start = Start(shape.Result, matrix, line, first);
        long pitch = Pitch(shape.Result);
        long step = StepAlong(shape.Result);
        int valid = length - first;
        int isVector = shape.Result.IsVector;
        QuadAccess.Store(result, start, step, valid, isVector, values.Row0);
        QuadAccess.Store(result, start + pitch, step, line + 1 < lines ? valid : 0, isVector, values.Row1);
        QuadAccess.Store(result, start + (2 * pitch), step, line + 2 < lines ? valid : 0, isVector, values.Row2);
        QuadAccess.Store(result, start + (3 * pitch), step, line + 3 < lines ? valid : 0, isVector, values.Row3);
    }

    private static long Start(DeviceLayout result, long matrix, int line, int first) =>
        result.Offset + (matrix * result.BatchStride) + (line * Pitch(result)) + (first * StepAlong(result));

    private static long Pitch(DeviceLayout result) => result.AlongRows != 0 ? result.ColumnStride : result.RowStride;

    private static long StepAlong(DeviceLayout result) => result.AlongRows != 0 ? result.RowStride : result.ColumnStride;
}
