using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Orders of rows, each a function of the seed and the number of the epoch alone.</summary>
internal static class RowOrder
{
    /// <summary>What tells orders from everything else that is drawn under one seed.</summary>
    private const uint Stream = 0x6F726472;

    /// <summary>The rows in the order of an epoch (Fisher and Yates 1938).</summary>
    public static int[] Shuffled(int[] rows, ulong seed, uint epoch)
    {
        int[] order = (int[])rows.Clone();
        for (int i = order.Length - 1; i > 0; i--)
        {
            Philox<Word> drawn = Philox<Word>.Draw(new((uint)i), new(epoch), new(0), new(Stream), (uint)seed, (uint)(seed >> 32));
            int other = (int)(((UInt128)(((ulong)drawn.First.Value << 32) | drawn.Second.Value) * (ulong)(i + 1)) >> 64);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }

    /// <summary>Rows to train on and rows to validate on, each in ascending order.</summary>
    public static (int[] Training, int[] Validation) Split(int rows, TrainingOptions options)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        HashSet<int> kept = [.. options.ValidationRows ?? Shuffled(all, options.Seed, 0)[..(int)(options.ValidationShare * rows)]];
        return ([.. all.Where(row => !kept.Contains(row))], [.. all.Where(kept.Contains)]);
    }
}
