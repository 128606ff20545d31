using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A function of rows on a tape.</summary>
/// <param name="tape">Where to compute it.</param>
/// <param name="rows">The rows.</param>
/// <returns>rows x outputs.</returns>
internal delegate Var<T> RowMap<T>(Tape<T> tape, ReadOnlySpan<int> rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Maps many rows by fitted networks, some at a time.</summary>
internal static class RowMaps
{
    /// <summary>Rows that are mapped at a time.</summary>
    private const int RowsAtOnce = 4096;

    /// <summary>rows x outputs, as the work of a public operation.</summary>
    public static Tensor<T> Run<T>(string operation, ExecutionOptions execution, int rows, int outputs, RowMap<T> map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Tape<T> tape = new(execution.Device, execution.Threads) { Cancellation = execution.Cancellation, Operation = operation };
        T[] mapped = HostArray.Create<T>(operation, rows, outputs);
        int[] all = [.. Enumerable.Range(0, rows)];
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            tape.Clear();
            ReadOnlySpan<int> part = all.AsSpan(first, Math.Min(RowsAtOnce, rows - first));
            map(tape, part).Read().FlattenTo(mapped.AsSpan(first * outputs, part.Length * outputs));
        }

        return Tensor.Create(mapped, [rows, outputs]);
    }
}
