using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a thread's 16 columns read from memory; for device code. Columns past the last stand for the last.</summary>
internal static class StripMemory
{
    /// <summary>The first channels of the samples of y.</summary>
    public static CellStrip<V> Samples<V, T>(ArrayView<T> y, WarpingShape shape, WarpingTable<T> table, int part, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => Load<V, T>(y, table.Y + (part * shape.YPart), shape.YStep, table.Columns - 1, first);

    /// <summary>The values that belong to the columns.</summary>
    public static CellStrip<V> Values<V, T>(ArrayView<T> stepValues, WarpingShape shape, WarpingTable<T> table, int part, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => Load<V, T>(stepValues, shape.YValues + (part * shape.YPartSteps) + table.YStep, 1, table.Columns - 1, first);

    /// <summary>What stands above the first row that is computed: the border, or cells outside the window.</summary>
    public static CellStrip<V> Top<V, T, TRule>(ArrayView<T> stepValues, WarpingShape shape, WarpingTable<T> table, int part, int first, bool isBorder)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        V wall = V.Constant(double.PositiveInfinity);
        Quad<V> walls = new() { X = wall, Y = wall, Z = wall, W = wall };
        CellStrip<V> top = new() { A = walls, B = walls, C = walls, D = walls };
        if (isBorder)
        {
            top.A = TopQuad<V, T, TRule>(stepValues, shape, table, part, first);
            top.B = TopQuad<V, T, TRule>(stepValues, shape, table, part, first + 4);
            top.C = TopQuad<V, T, TRule>(stepValues, shape, table, part, first + 8);
            top.D = TopQuad<V, T, TRule>(stepValues, shape, table, part, first + 12);
        }

        return top;
    }

    /// <summary>The point costs of a row.</summary>
    public static CellStrip<V> Costs<V, T>(ArrayView<T> x, ArrayView<T> y, WarpingShape shape, WarpingTable<T> table, int part, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            A = WarpingCosts.OfQuad<V, T>(x, y, shape, table, part, row, first),
            B = WarpingCosts.OfQuad<V, T>(x, y, shape, table, part, row, first + 4),
            C = WarpingCosts.OfQuad<V, T>(x, y, shape, table, part, row, first + 8),
            D = WarpingCosts.OfQuad<V, T>(x, y, shape, table, part, row, first + 12),
        };

    /// <summary>The values of the distances from the diagonal.</summary>
    public static CellStrip<V> Lags<V, T>(ArrayView<T> lags, WarpingTable<T> table, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            A = LagQuad<V, T>(lags, table, row, first),
            B = LagQuad<V, T>(lags, table, row, first + 4),
            C = LagQuad<V, T>(lags, table, row, first + 8),
            D = LagQuad<V, T>(lags, table, row, first + 12),
        };

    private static Quad<V> TopQuad<V, T, TRule>(ArrayView<T> stepValues, WarpingShape shape, WarpingTable<T> table, int part, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T> => new()
        {
            X = WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, part, first),
            Y = WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, part, first + 1),
            Z = WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, part, first + 2),
            W = WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, part, first + 3),
        };

    private static CellStrip<V> Load<V, T>(ArrayView<T> memory, long begin, long stride, int last, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            A = LoadQuad<V, T>(memory, begin, stride, last, first),
            B = LoadQuad<V, T>(memory, begin, stride, last, first + 4),
            C = LoadQuad<V, T>(memory, begin, stride, last, first + 8),
            D = LoadQuad<V, T>(memory, begin, stride, last, first + 12),
        };

    private static Quad<V> LoadQuad<V, T>(ArrayView<T> memory, long begin, long stride, int last, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            X = V.Broadcast(memory[begin + (Least(first, last) * stride)]),
            Y = V.Broadcast(memory[begin + (Least(first + 1, last) * stride)]),
            Z = V.Broadcast(memory[begin + (Least(first + 2, last) * stride)]),
            W = V.Broadcast(memory[begin + (Least(first + 3, last) * stride)]),
        };

    private static Quad<V> LagQuad<V, T>(ArrayView<T> lags, WarpingTable<T> table, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new()
        {
            X = Lag<V, T>(lags, table, row, first),
            Y = Lag<V, T>(lags, table, row, first + 1),
            Z = Lag<V, T>(lags, table, row, first + 2),
            W = Lag<V, T>(lags, table, row, first + 3),
        };

    private static V Lag<V, T>(ArrayView<T> lags, WarpingTable<T> table, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int distance = row - Least(column, table.Columns - 1);
        return V.Broadcast(lags[table.Lag + (distance < 0 ? -distance : distance)]);
    }

    private static int Least(int left, int right) => left < right ? left : right;
}
