using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>All cells of an alignment table, strip of rows by strip of rows: recorded as the vectors compute them, and then put into their rows.</summary>
internal readonly unsafe struct PairMatrix<V, T, TCells>(in WarpingPair<T> pair, TCells cells, T* target, nint rowStride, nint columnStride)
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    /// <summary>Columns that are recorded together: their record stays in a second-level cache, and takes half a megabyte whatever the lengths.</summary>
    private const int RecordedColumns = 4096;

    /// <summary>Columns that are put into their rows together: their part of the record stays in a first-level cache.</summary>
    private const int CopiedColumns = 128;

    private readonly WarpingPair<T> _pair = pair;
    private readonly PairTable<T, TCells> _table = new(pair, cells);
    private readonly T* _target = target;

    /// <summary>Computes the table.</summary>
    public void Fill(in RunSettings settings)
    {
        const int Padding = WarpingPair<T>.Padding;
        int rows = _pair.Rows, columns = _pair.Columns, lanes = PairStrips<V, T, TCells>.FullRows, recorded = Math.Min(columns - 1, RecordedColumns);
        T* above = Scratch.Get<T>(ScratchSlot.PairBorders, (nint)columns + rows + recorded + 1 + (2 * Padding) + (2 * (lanes + 1)));
        T* firstColumn = above + columns, left = firstColumn + rows, right = left + lanes + 1, border = right + lanes + 1 + Padding;
        _table.FirstRow(above);
        _table.FirstColumn(firstColumn);
        for (int column = 0; column < columns; column++) _target[column * columnStride] = above[column];
        for (int row = 0; row < rows; row++) _target[row * rowStride] = firstColumn[row];
        if (rows == 1 || columns == 1) return;

        T[] memory = GC.AllocateUninitializedArray<T>((int)PairRecord<T>.Length(lanes, recorded, lanes), pinned: true);
        T* record = (T*)Unsafe.AsPointer(ref memory[0]);
        PairStrips<V, T, TCells> strips = new(_pair, cells, settings);
        for (int top = 0; top < rows - 1; top += lanes)
        {
            int bottom = Math.Min(rows - 1, top + lanes);
            new Span<T>(firstColumn + top, bottom - top + 1).CopyTo(new(left, lanes + 1));
            for (int first = 0, last; first < columns - 1; first = last)
            {
                last = Math.Min(columns - 1, first + recorded);
                Span<T> before = new(above + first + 1, last - first), within = new(border + 1, last - first);
                before.CopyTo(within);
                (border[0], right[0]) = (left[0], within[^1]);
                PairRegion<T> region = new()
                {
                    Top = top,
                    Bottom = bottom,
                    Left = first,
                    Right = last,
                    Border = border,
                    LeftCells = left,
                    LastColumn = right,
                    Record = record,
                };
                strips.Run(region, reportsProgress: last == columns - 1);
                within.CopyTo(before);
                Put(new(record, top, first, last - first, lanes), region);
                T* next = right;
                right = left;
                left = next;
            }
        }

        GC.KeepAlive(memory);
    }

    /// <summary>Writes the cells of a region.</summary>
    private void Put(in PairRecord<T> recorded, in PairRegion<T> region)
    {
        for (int column = region.Left + 1; column <= region.Right; column += CopiedColumns)
        {
            int end = Math.Min(region.Right + 1, column + CopiedColumns);
            for (int row = region.Top + 1; row <= region.Bottom; row++) Put(recorded, row, column, end);
        }
    }

    /// <summary>Writes some columns of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Put(in PairRecord<T> recorded, int row, int column, int end)
    {
        RowRange range = _table.Range(row);
        T* cells = _target + (row * rowStride);
        int first = Math.Clamp(range.First, column, end), last = Math.Clamp(range.End, first, end);
        for (; column < first; column++) cells[column * columnStride] = PairTable<T, TCells>.Outside;
        recorded.CopyRow(row, first, last, cells + (first * columnStride), columnStride);
        for (column = last; column < end; column++) cells[column * columnStride] = PairTable<T, TCells>.Outside;
        if (!_pair.Problem.Window.HasHoles) return;
        for (column = first; column < last; column++)
        {
            if (!_table.Allows(range, row, column)) cells[column * columnStride] = PairTable<T, TCells>.Outside;
        }
    }
}
