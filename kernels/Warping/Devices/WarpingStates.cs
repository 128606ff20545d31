using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What is known of a pair between two launches, and its result after the last; for device code.</summary>
internal static class WarpingStates
{
    /// <summary>Takes up where the launch before left off.</summary>
    public static void Load<V, T>(ArrayView<T> work, WarpingShape shape, int team, bool exists, ref V best, ref V total)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (!exists) return;
        best = V.Broadcast(work[shape.State + (2 * team)]);
        total = V.Broadcast(work[shape.State + (2 * team) + 1]);
    }

    /// <summary>Writes the result where the pair is done, and what the next launch must know where not.</summary>
    public static void Store<V, T>(
        ArrayView<T> work, ArrayView<T> result, WarpingShape shape, WarpingTable<T> table, int team, V best, V total)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> states = work.Cast<V>();
        states[shape.State + (2 * team)] = best;
        states[shape.State + (2 * team) + 1] = total;
        if (shape.EndPass < table.Passes * shape.Parts) return;
        V value = WarpingFinishing.Apply<V, T>((WarpingFinish)shape.Finish, total, V.Broadcast(table.RowsValue), V.Broadcast(table.ColumnsValue));
        if (shape.StoresTable != 0)
        {
            states[shape.State + (2 * team)] = value;
            return;
        }

        ArrayView<V> values = result.Cast<V>();
        values[shape.Result.Offset + (table.ResultRow * shape.Result.RowStride) + (table.ResultColumn * shape.Result.ColumnStride)] = value;
        if (shape.Mirrors == 0) return;
        values[shape.Result.Offset + (table.ResultColumn * shape.Result.RowStride) + (table.ResultRow * shape.Result.ColumnStride)] = value;
    }
}
