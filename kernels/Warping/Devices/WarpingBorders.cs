using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What stands before the first row and column of a table; for device code.</summary>
/// <remarks>
/// Where the diagonal counts a cost twice, a path begins as if from above or from the left, and the border is never reached
/// diagonally: the first pair then costs its own cost, wherever an open begin puts it.
/// </remarks>
internal static class WarpingBorders
{
    /// <summary>cell(-1, column); the corner for column -1.</summary>
    public static V Above<V, T, TRule>(ArrayView<T> stepValues, WarpingShape shape, WarpingTable<T> table, int part, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        int last = table.Columns - 1;
        return Value<V, T, TRule>(stepValues, shape.YBorders + (part * shape.YPartSteps) + table.YStep, column < last ? column : last, shape.BeginY);
    }

    /// <summary>cell(row, -1); the corner for row -1.</summary>
    public static V Left<V, T, TRule>(ArrayView<T> stepValues, WarpingShape shape, WarpingTable<T> table, int part, int row)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T> =>
        Value<V, T, TRule>(stepValues, shape.XBorders + (part * shape.XPartSteps) + table.XStep, row, shape.BeginX);

    private static V Value<V, T, TRule>(ArrayView<T> stepValues, long first, int step, int begin)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        V zero = V.Constant(0), wall = V.Constant(double.PositiveInfinity);
        if (TRule.Border == WarpingBorder.Zero) return zero;
        if (TRule.DoublesDiagonal) return step >= 0 && step <= begin ? zero : wall;
        if (step < 0) return zero;
        if (TRule.Border == WarpingBorder.Given) return V.Broadcast(stepValues[first + step]);
        return step < begin ? zero : wall;
    }
}
