using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Where an operand of an elementwise operation lies: a stride of 0 repeats a row, a column or both. A kernel argument, and the host's pointer.</summary>
internal struct ElementPlace
{
    /// <summary>The first element in its buffer; 0 on the host.</summary>
    public long Offset;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>The place of a matrix on a device.</summary>
    public static ElementPlace Of<T>(in DeviceMatrix<T> matrix)
        where T : unmanaged => new() { Offset = matrix.Offset, RowStride = matrix.RowStride, ColumnStride = matrix.ColumnStride };

    /// <summary>Where one element lies.</summary>
    public readonly long At(long row, long column) => Offset + (row * RowStride) + (column * ColumnStride);
}

/// <summary>An operand of an elementwise operation in the host's memory.</summary>
internal unsafe struct ElementOperand<T>
    where T : unmanaged
{
    /// <summary>Elements that are gathered at a time where columns are not consecutive.</summary>
    public const int Room = 512;

    /// <summary>The first element; null for none.</summary>
    public T* First;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>Where an operand lies; nowhere for none.</summary>
    public static ElementOperand<T> Of(HostEngine engine, in Operand<T> operand, string operation) => operand.IsAbsent
        ? default
        : new() { First = engine.Resolve(operand, operation), RowStride = operand.RowStride, ColumnStride = operand.ColumnStride };

    /// <summary>Whether columns neither follow each other nor repeat one.</summary>
    public readonly bool IsScattered => First is not null && ColumnStride is not (0 or 1);

    /// <summary>Whether rows go on where the row before them ended, or everything is one element.</summary>
    public readonly bool IsFlat(long columns) => First is null || (ColumnStride == 1 && RowStride == columns) || (ColumnStride == 0 && RowStride == 0);

    /// <summary>Consecutive elements of a row, to be read with a step of 1, or a vector of one value, to be read with a step of 0.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="count">Columns; at most <see cref="Room"/> of scattered ones.</param>
    /// <param name="room">Memory for them.</param>
    /// <param name="step">0 or 1.</param>
    public readonly T* Read<V>(long row, long column, long count, T* room, out nint step)
        where V : unmanaged, IHostVector<V, T>
    {
        step = 1;
        T* at = First + (row * RowStride) + (column * ColumnStride);
        if (First is null || ColumnStride == 1) return at;
        if (ColumnStride == 0)
        {
            step = 0;
            V.Store(V.Broadcast(*at), room);
            return room;
        }

        for (long i = 0; i < count; i++) room[i] = at[i * ColumnStride];
        return room;
    }
}
