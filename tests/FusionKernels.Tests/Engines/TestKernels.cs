using ILGPU;

namespace FusionKernels.Tests.Engines;

/// <summary>Device kernels for the tests of the engine itself.</summary>
public static class TestKernels
{
    /// <summary>result = factor * x, both strided.</summary>
    public static void Scale(Index1D index, ArrayView<float> x, ArrayView<float> result, Strided from, Strided to, float factor)
    {
        long row = index.X / from.Columns, column = index.X % from.Columns;
        result[to.Offset + (row * to.RowStride) + (column * to.ColumnStride)] =
            factor * x[from.Offset + (row * from.RowStride) + (column * from.ColumnStride)];
    }

    /// <summary>Writes one element at an index that may lie outside the buffer.</summary>
    public static void Poke(Index1D index, ArrayView<float> buffer, long at) => buffer[at + index] = 1;

    /// <summary>Refused by every back end: managed objects do not exist on a device.</summary>
    public static void Uncompilable(Index1D index, ArrayView<float> buffer) => buffer[index] = new object().GetHashCode();
}

/// <summary>Where a matrix lies, as a kernel argument.</summary>
public readonly struct Strided(long offset, int columns, long rowStride, long columnStride)
{
    /// <summary>The first element.</summary>
    public long Offset { get; } = offset;

    /// <summary>Columns.</summary>
    public long Columns { get; } = columns;

    /// <summary>Elements from row to row.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from column to column.</summary>
    public long ColumnStride { get; } = columnStride;
}
