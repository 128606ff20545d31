namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>How far an operand extends in each dimension without what a stride of 0 repeats, and how it lies on a device.</summary>
internal readonly struct StridedExtents
{
    private readonly int _heads;
    private readonly int _rows;

    private StridedExtents(long elements, int heads, int rows, int columns, bool isDense, in DeviceStrides onDevice)
    {
        (Elements, _heads, _rows, Columns, IsDense, OnDevice) = (elements, heads, rows, columns, isDense, onDevice);
    }

    /// <summary>Elements that are stored.</summary>
    public long Elements { get; }

    /// <summary>Columns of them.</summary>
    public int Columns { get; }

    /// <summary>Whether they fill consecutive host memory, in whichever order of dimensions.</summary>
    public bool IsDense { get; }

    /// <summary>Where they lie on the device.</summary>
    public DeviceStrides OnDevice { get; }

    /// <summary>An operand that lies on the device.</summary>
    public static StridedExtents InPlace(long batch, long head, long row, long column) => new(0, 1, 1, 1, isDense: true, DeviceStrides.Of(0, batch, head, row, column));

    /// <summary>Extents of an operand in host memory.</summary>
    public static StridedExtents Of<T>(in Strided<T> host, int batch, int heads, int rows, int columns)
        where T : unmanaged
    {
        Span<long> strides = [host.Column, host.Row, host.Head, host.Batch];
        Span<int> extents = [columns, rows, heads, batch];
        long elements = 1;
        for (int d = 0; d < 4; d++)
        {
            if (strides[d] == 0) extents[d] = Math.Min(1, extents[d]);
            elements = checked(elements * extents[d]);
        }

        bool isDense = elements <= int.MaxValue && FillsMemory(strides, extents, elements);
        if (!isDense)
        {
            long next = 1;
            for (int d = 0; d < 4; d++)
            {
                strides[d] = strides[d] == 0 ? 0 : next;
                next *= extents[d];
            }
        }

        return new(elements, extents[2], extents[1], extents[0], isDense, DeviceStrides.Of(0, strides[3], strides[2], strides[1], strides[0]));
    }

    /// <summary>Where a row of the stored ones begins in host memory.</summary>
    private long HostRow<T>(in Strided<T> host, long row)
        where T : unmanaged
    {
        long item = row / _rows;
        return (row % _rows * host.Row) + (item % _heads * host.Head) + (item / _heads * host.Batch);
    }

    /// <summary>Moves some of the stored rows between their places in host memory and consecutive memory.</summary>
    /// <param name="host">The operand.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="chunk">Consecutive memory.</param>
    /// <param name="gather">Whether they go there, or come from there.</param>
    public unsafe void Walk<T>(in Strided<T> host, long first, int count, T* chunk, bool gather)
        where T : unmanaged
    {
        long step = host.Column;
        for (int r = 0; r < count; r++, chunk += Columns)
        {
            T* row = host.Pointer + HostRow(host, first + r);
            for (int c = 0; c < Columns; c++)
            {
                if (gather) chunk[c] = row[c * step];
                else row[c * step] = chunk[c];
            }
        }
    }

    private static bool FillsMemory(ReadOnlySpan<long> strides, ReadOnlySpan<int> extents, long elements)
    {
        long filled = 1;
        bool isFound = true;
        while (filled < elements && isFound)
        {
            isFound = false;
            for (int d = 0; d < 4 && !isFound; d++)
            {
                if (extents[d] <= 1 || strides[d] != filled) continue;
                filled *= extents[d];
                isFound = true;
            }
        }

        return isFound;
    }
}
