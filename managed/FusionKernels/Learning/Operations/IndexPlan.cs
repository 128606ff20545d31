using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Rows that are gathered, and the same sorted by where their gradients are added: every target once, its sources in their order.</summary>
internal sealed class IndexPlan
{
    private readonly DeviceBuffer<int> _memory;
    private readonly int _count;
    private readonly int _targets;

    private IndexPlan(DeviceBuffer<int> memory, int count, int targets) => (_memory, _count, _targets) = (memory, count, targets);

    /// <summary>The rows that are gathered.</summary>
    public Operand<int> Rows => Part(0, _count);

    /// <summary>Gathered rows by target.</summary>
    public Operand<int> Order => Part(_count, _count);

    /// <summary>The rows that receive gradients.</summary>
    public Operand<int> Targets => Part(2 * _count, _targets);

    /// <summary>Where the sources of each target begin.</summary>
    public Operand<int> Starts => Part((2 * _count) + _targets, _targets + 1);

    /// <summary>How many rows are gathered.</summary>
    public int Count => _count;

    /// <summary>How many rows receive gradients.</summary>
    public int TargetCount => _targets;

    /// <summary>Memory in ints that a plan of so many rows takes at most.</summary>
    public static int Room(int count) => (4 * count) + 1;

    /// <summary>Sorts the rows and copies all to the device.</summary>
    public static IndexPlan Of(Engine engine, DeviceBuffer<int> memory, ReadOnlySpan<int> rows)
    {
        int count = rows.Length;
        int[] all = new int[Room(count)];
        rows.CopyTo(all);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) keys[i] = ((long)rows[i] << 32) | (uint)i;
        Array.Sort(keys);
        int targets = 0;
        for (int i = 0; i < count; i++)
        {
            all[count + i] = (int)keys[i];
            if (i == 0 || keys[i] >> 32 != keys[i - 1] >> 32) all[(2 * count) + targets++] = (int)(keys[i] >> 32);
        }

        Span<int> starts = all.AsSpan((2 * count) + targets, targets + 1);
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || keys[i] >> 32 != keys[i - 1] >> 32) starts[next++] = i;
        }

        starts[targets] = count;
        engine.Upload<int>(all.AsSpan(0, (2 * count) + (2 * targets) + 1), memory, 0);
        return new(memory, count, targets);
    }

    private Operand<int> Part(int first, int count) => new MatrixRef<int>(_memory, first, 1, count, count).InBuffer;
}
