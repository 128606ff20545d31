using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FusionKernels.Kernels.Attention;

/// <summary>On the host, operands in another format than the element's are rounded copies: results are those of a device, without its savings.</summary>
internal static unsafe class StoredRounding
{
    /// <summary>Rounds float32 elements to a format, in place.</summary>
    public static void Round<T>(Span<T> elements, AttentionStorage storage)
        where T : unmanaged
    {
        if (storage == AttentionStorage.Element) return;
        Span<float> values = MemoryMarshal.Cast<T, float>(elements);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = storage == AttentionStorage.Float16 ? StoredBits.FromFloat16(StoredBits.ToFloat16(values[i])) : StoredBits.FromBFloat16(StoredBits.ToBFloat16(values[i]));
        }
    }

    /// <summary>The operands with dense rounded copies of queries, keys and values; as they are where the format is the element's.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="copies">Receives what must be kept alive as long as the result is read.</param>
    public static AttentionOperands<T> Of<T>(AttentionProblem problem, in AttentionOperands<T> operands, out T[][] copies)
        where T : unmanaged
    {
        copies = [];
        AttentionOperands<T> rounded = operands;
        if (problem.Storage == AttentionStorage.Element) return rounded;
        bool isPacked = problem.QueryStarts is not null;
        int queries = isPacked ? (int)problem.AllQueries : problem.Queries, keys = isPacked ? (int)problem.AllKeys : problem.Keys, batch = isPacked ? 1 : problem.Batch;
        copies = [
            Copy(operands.Query, batch, problem.QueryHeads, queries, problem.Width, problem.Storage),
            Copy(operands.Key, batch, problem.KeyHeads, keys, problem.Width, problem.Storage),
            Copy(operands.Value, batch, problem.KeyHeads, keys, problem.ValueWidth, problem.Storage),
        ];
        rounded.Query = operands.Query.Dense(First(copies[0]), problem.QueryHeads, queries, problem.Width);
        rounded.Key = operands.Key.Dense(First(copies[1]), problem.KeyHeads, keys, problem.Width);
        rounded.Value = operands.Value.Dense(First(copies[2]), problem.KeyHeads, keys, problem.ValueWidth);
        return rounded;
    }

    private static T[] Copy<T>(in Strided<T> from, int batch, int heads, int rows, int columns, AttentionStorage storage)
        where T : unmanaged
    {
        if (from.IsAbsent) return [];
        T[] copy = GC.AllocateUninitializedArray<T>(checked(batch * heads * rows * columns), pinned: true);
        int at = 0;
        for (int line = 0; line < batch * heads * rows; line++)
        {
            // Without the starts of packed items, whose rows are one after the other.
            T* row = from.Pointer + (line / rows / heads * from.Batch) + (line / rows % heads * from.Head) + (line % rows * from.Row);
            for (int d = 0; d < columns; d++) copy[at++] = row[d * from.Column];
        }

        Round<T>(copy, storage);
        return copy;
    }

    private static T* First<T>(T[] pinned)
        where T : unmanaged => pinned.Length == 0 ? null : (T*)Unsafe.AsPointer(ref pinned[0]);
}
