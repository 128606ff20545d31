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
    /// <summary>Columns of a strip that are put into their rows together: their part of the record stays in a first-level cache.</summary>
    private const int CopiedColumns = 128;

    private readonly WarpingPair<T> _pair = pair;
    private readonly PairTable<T, TCells> _table = new(pair, cells);
    private readonly T* _target = target;

    /// <summary>Computes the table.</summary>
    public void Fill(in RunSettings settings)
    {
        const int Padding = WarpingPair<T>.Padding;
        int rows = _pair.Rows, columns = _pair.Columns, lanes = PairStrips<V, T, TCells>.FullRows;
        T* border = Scratch.Get<T>(ScratchSlot.PairBorders, columns + (nint)rows + (2 * Padding)) + Padding, leftColumn = border + columns + Padding;
        _table.FirstRow(border);
        _table.FirstColumn(leftColumn);
        for (int column = 0; column < columns; column++) _target[column * columnStride] = border[column];
        for (int row = 0; row < rows; row++) _target[row * rowStride] = leftColumn[row];
        if (rows == 1 || columns == 1) return;

        T[] memory = GC.AllocateUninitializedArray<T>(checked((int)PairRecord<T>.Length(lanes, columns - 1, lanes)), pinned: true);
        T* record = (T*)Unsafe.AsPointer(ref memory[0]);
        PairStrips<V, T, TCells> strips = new(_pair, cells, settings);
        for (int top = 0; top < rows - 1; top += lanes)
        {
            PairRegion<T> region = new()
            {
                Top = top,
                Bottom = Math.Min(rows - 1, top + lanes),
                Left = 0,
                Right = columns - 1,
                Border = border,
                LeftCells = leftColumn + top,
                Record = record,
            };
            strips.Run(region, reportsProgress: true);
            PairRecord<T> recorded = new(record, top, 0, columns - 1, lanes);
            for (int column = 1; column < columns; column += CopiedColumns)
            {
                for (int row = top + 1; row <= region.Bottom; row++) Put(recorded, row, column, Math.Min(columns, column + CopiedColumns));
            }
        }

        GC.KeepAlive(memory);
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
