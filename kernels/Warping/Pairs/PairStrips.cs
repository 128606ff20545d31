using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>One alignment table by vectors along its anti-diagonals, strip of rows by strip of rows.</summary>
/// <remarks>
/// <para>At step t the top row of a strip is at column t and every row below one column behind the one above it. So all rows of
/// a step depend only on the two steps before: left is a lane's own last value, above the last value of the lane of the row
/// above, the diagonal what was above one step before. The lowest row is in lane 0, so that the vectors' columns ascend with
/// the lanes, and a whole vector stored at the lowest row's column leaves that row behind it: what the next strip reads.</para>
/// <para>Steps at which a row is before or behind its window, or the table's ends, go through a loop that looks at each lane
/// (<see cref="Edge"/>); between them nothing is tested. All of it is optimised at once: a long pair is computed in one call, in
/// which code on probation would take longer than the cells.</para>
/// </remarks>
internal unsafe struct PairStrips<V, T, TCells>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    /// <summary>Rows of a full strip: four vectors, as the chain shift, minimum, minimum, multiply-add is about four times as long as what issues meanwhile.</summary>
    public static int FullRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 * V.Count;
    }

    /// <summary>Steps for which differences between them are exact in float32, with a margin.</summary>
    private const int ExactSteps = 1 << 22;

    private readonly TCells _cells;
    private readonly PairTable<T, TCells> _table;
    private readonly WarpingWindow _window;
    private readonly int _rows;
    private readonly int _columns;
    private readonly T _outside;
    private readonly RunSettings _settings;
    private readonly T* _values;
    private readonly T* _diagonals;
    private readonly T* _starts;
    private readonly T* _stops;
    private readonly T* _walls;
    private readonly T* _junk;
    private readonly T* _recent;
    private readonly int* _firsts;
    private readonly int* _ends;

    private PairRegion<T> _region;
    private T* _border;
    private int _coveredFirst;
    private int _coveredEnd;
    private int _row;
    private int _count;
    private int _groups;
    private nint _interiorFirst;
    private nint _interiorEnd;

    /// <summary>Prepares for regions of one table.</summary>
    public PairStrips(in WarpingPair<T> pair, TCells cells, in RunSettings settings)
    {
        const int Lanes = WarpingPair<T>.Padding;
        _cells = cells;
        _table = new(pair, cells);
        (_window, _rows, _columns, _outside, _settings) = (pair.Problem.Window, pair.Rows, pair.Columns, PairTable<T, TCells>.Outside, settings);
        T* memory = Scratch.Get<T>(ScratchSlot.PairStrip, (8 * Lanes) + (Lanes * Lanes));
        _values = memory;
        _diagonals = memory + Lanes;
        _starts = memory + (2 * Lanes);
        _stops = memory + (3 * Lanes);
        _walls = memory + (4 * Lanes);
        _junk = memory + (5 * Lanes);
        _firsts = (int*)(memory + (6 * Lanes));
        _ends = (int*)(memory + (7 * Lanes));
        _recent = memory + (8 * Lanes);
    }

    /// <summary>Computes a region.</summary>
    /// <param name="region">Which one.</param>
    /// <param name="reportsProgress">Whether this is the pass over all rows, whose progress is told.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in PairRegion<T> region, bool reportsProgress)
    {
        _region = region;
        _border = region.Border - region.Left;
        (_coveredFirst, _coveredEnd) = (region.Left + 1, region.Right + 1);
        for (_row = region.Top + 1; _row <= region.Bottom; _row += _count)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            (_groups, _count) = Choose(region.Bottom + 1 - _row);
            Strip();
            if (reportsProgress) _settings.Progress?.Report((_row + _count) / (double)_rows);
        }

        FillOutside(region.Left + 1, region.Right + 1);
    }

    /// <summary>The vectors and rows of the next strip: few of them where the window is narrow, since a strip visits every column that any of its rows has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly (int Groups, int Rows) Choose(int rowsLeft)
    {
        if (_region.Record is null)
        {
            RowRange range = _table.Range(_row);
            bool isNarrow = range.End - range.First < FullRows || rowsLeft <= V.Count;
            if (isNarrow) return (1, Math.Min(rowsLeft, V.Count));
        }

        return (4, Math.Min(rowsLeft, FullRows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Strip()
    {
        (nint t, nint end) = FindSteps();
        if (_region.LastColumn is not null) new Span<T>(_region.LastColumn + (_row - _region.Top), _count).Fill(_outside);
        if (t < end)
        {
            FillOutside((int)Math.Max(t - 1, _region.Left + 1), (int)Math.Min(end, _region.Right + 1));
            Begin(t);
            Steps(t, end);
            _coveredFirst = (int)Math.Max(_region.Left + 1, t - (_count - 1));
            _coveredEnd = (int)Math.Min(_region.Right + 1, end - (_count - 1));
        }
        else
        {
            (_coveredFirst, _coveredEnd) = (_region.Right + 1, _region.Right + 1);
        }

        CaptureOutside(t, end);
        _border[_region.Left] = _region.LeftCells[_row + _count - 1 - _region.Top];
    }

    /// <summary>The window of every row, and the first and end of the steps that any row or every row has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (nint First, nint End) FindSteps()
    {
        nint first = nint.MaxValue, end = nint.MinValue;
        (_interiorFirst, _interiorEnd) = (nint.MinValue, nint.MaxValue);
        for (int p = 0; p < WarpingPair<T>.Padding; p++)
        {
            // Rows below the last one stay before their window for ever.
            (_firsts[p], _ends[p]) = (int.MaxValue, int.MaxValue);
            if (p >= _count) continue;
            RowRange range = _table.Range(_row + p);
            int low = Math.Max(range.First, _region.Left + 1), high = Math.Max(Math.Min(range.End, _region.Right + 1), _region.Left + 1);
            (_firsts[p], _ends[p]) = (low, high);
            (_interiorFirst, _interiorEnd) = (nint.Max(_interiorFirst, (nint)low + p), nint.Min(_interiorEnd, (nint)high + p));
            if (low >= high) continue;
            (first, end) = (nint.Min(first, (nint)low + p), nint.Max(end, (nint)high + p));
        }

        if (_region.LastColumn is not null) _interiorEnd = nint.Min(_interiorEnd, _region.Right);
        if (_window.HasHoles || _interiorFirst > _interiorEnd) (_interiorFirst, _interiorEnd) = (end, end);
        return (first, end);
    }

    /// <summary>The cells of the two steps before step <paramref name="t"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Begin(nint t)
    {
        int lanes = _groups * V.Count;
        for (int p = 0; p < lanes; p++)
        {
            _values[lanes - 1 - p] = p < _count ? Before(p, t - 1 - p) : _outside;
            _diagonals[lanes - 1 - p] = p == 0 ? _border[t - 1] : p <= _count ? Before(p - 1, t - 1 - p) : _outside;
        }
    }

    /// <summary>A cell of the strip's row <paramref name="p"/> before the first one of its window, or behind the last one of an empty one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly T Before(int p, nint column) => column > _region.Left && column >= _ends[p] ? _outside : _region.LeftCells[_row + p - _region.Top];

    /// <summary>Goes through the steps, apart where columns are kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Steps(nint t, nint end)
    {
        int lanes = _groups * V.Count;
        T* record = _region.Record;
        if (record is not null)
        {
            record += PairRecord<T>.Offset(_region.Columns, lanes, (_row - _region.Top - 1) / lanes, t - _region.Left - 1);
            Run(t, end, record);
            return;
        }

        if (_region.CaptureStep == 0)
        {
            Run(t, end, null);
            return;
        }

        while (t < end)
        {
            nint kept = (t - _region.Left) / _region.CaptureStep, column = _region.Left + (kept * _region.CaptureStep);
            bool isKept = kept > 0 && t < column + _count && column <= _region.Right;
            nint next = nint.Min(end, isKept ? column + _count : column + _region.CaptureStep);
            Run(t, next, isKept ? _recent : null);
            if (isKept)
            {
                T* target = _region.Captured + ((kept - 1) * _region.CaptureStride) + (_row - _region.Top);
                for (nint p = t - column; p < next - column; p++) target[p] = _recent[((p - (t - column)) * lanes) + lanes - 1 - p];
            }

            t = next;
        }
    }

    /// <summary>Marks the kept cells of columns at which some rows never were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void CaptureOutside(nint first, nint end)
    {
        if (_region.CaptureStep == 0) return;
        for (int column = _region.Left + _region.CaptureStep, kept = 0; column <= _region.Right; column += _region.CaptureStep, kept++)
        {
            T* target = _region.Captured + (kept * _region.CaptureStride) + (_row - _region.Top);
            for (int p = 0; p < _count; p++)
            {
                if (column + p < first || column + p >= end) target[p] = _outside;
            }
        }
    }

    /// <summary>Goes through consecutive steps: by lane at the edges, without a test between them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run(nint t, nint end, T* record)
    {
        int lanes = _groups * V.Count;
        while (t < end)
        {
            if (t >= _interiorFirst && t < _interiorEnd)
            {
                nint stop = nint.Min(end, _interiorEnd);

                // The last row of a short strip is not in lane 0: it is taken from what was recorded.
                bool isShort = _count < lanes;
                T* kept = record;
                if (isShort && record is null)
                {
                    kept = _recent;
                    stop = nint.Min(stop, t + WarpingPair<T>.Padding);
                }

                Interior(t, stop, kept, isShort);
                for (nint step = t; isShort && step < stop; step++) _border[step - (_count - 1)] = kept[((step - t) * lanes) + lanes - _count];
                if (record is not null) record += (stop - t) * lanes;
                t = stop;
            }
            else
            {
                nint stop = nint.Min(t < _interiorFirst ? nint.Min(end, _interiorFirst) : end, t + ExactSteps);
                Edge(t, stop, record);
                if (record is not null) record += (stop - t) * lanes;
                t = stop;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Interior(nint t, nint end, T* record, bool isShort)
    {
        nint lowest = _row + (_groups * V.Count) - 1;
        T* store = isShort ? _junk : _border + t - ((_groups * V.Count) - 1);
        nint advance = isShort ? 0 : 1;
        if (!TCells.IsShort) InteriorOfLong(_cells, _groups * V.Count, _values, _diagonals, _border, store, advance, lowest, t, end, record);
        else if (_groups == 4 && record is null) Interior<FourGroups>(_cells, _values, _diagonals, _border, store, advance, lowest, t, end, record);
        else if (_groups == 4) Interior<FourRecordedGroups>(_cells, _values, _diagonals, _border, store, advance, lowest, t, end, record);
        else if (record is null) Interior<OneGroup>(_cells, _values, _diagonals, _border, store, advance, lowest, t, end, record);
        else Interior<OneRecordedGroup>(_cells, _values, _diagonals, _border, store, advance, lowest, t, end, record);
    }

    /// <summary>Steps at which every row is inside its window.</summary>
    /// <param name="cells">The cells' rule.</param>
    /// <param name="values">The last step's cells, updated.</param>
    /// <param name="diagonals">The cells diagonally before those of the next step, updated.</param>
    /// <param name="border">The row above the strip, by column.</param>
    /// <param name="store">Where the lowest row goes.</param>
    /// <param name="advance">1, or 0 where what is stored there is not wanted.</param>
    /// <param name="row">The row of lane 0, the lowest.</param>
    /// <param name="t">The first step.</param>
    /// <param name="end">Behind the last step.</param>
    /// <param name="record">Receives all cells, step by step.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Interior<TForm>(TCells cells, T* values, T* diagonals, T* border, T* store, nint advance, nint row, nint t, nint end, T* record)
        where TForm : struct, IPairStripForm
    {
        V v0 = V.Load(values), d0 = V.Load(diagonals), x0 = cells.Sample<V>(row);
        V v1 = default, v2 = default, v3 = default, d1 = default, d2 = default, d3 = default, x1 = default, x2 = default, x3 = default;
        if (TForm.Groups > 1)
        {
            (v1, d1, x1) = (V.Load(values + V.Count), V.Load(diagonals + V.Count), cells.Sample<V>(row - V.Count));
            (v2, d2, x2) = (V.Load(values + (2 * V.Count)), V.Load(diagonals + (2 * V.Count)), cells.Sample<V>(row - (2 * V.Count)));
            (v3, d3, x3) = (V.Load(values + (3 * V.Count)), V.Load(diagonals + (3 * V.Count)), cells.Sample<V>(row - (3 * V.Count)));
        }

        nint column = t - ((TForm.Groups * V.Count) - 1);
        for (; t < end; t++, column++)
        {
            V enters = V.Broadcast(border[t]);
            V above = V.ShiftIn(v0, TForm.Groups > 1 ? v1 : enters);
            v0 = cells.Cell(d0, above, v0, x0, row, column);
            d0 = above;
            V.Store(v0, store);
            if (TForm.Records) V.Store(v0, record);
            if (TForm.Groups > 1)
            {
                above = V.ShiftIn(v1, v2);
                v1 = cells.Cell(d1, above, v1, x1, row - V.Count, column + V.Count);
                d1 = above;
                above = V.ShiftIn(v2, v3);
                v2 = cells.Cell(d2, above, v2, x2, row - (2 * V.Count), column + (2 * V.Count));
                d2 = above;
                above = V.ShiftIn(v3, enters);
                v3 = cells.Cell(d3, above, v3, x3, row - (3 * V.Count), column + (3 * V.Count));
                d3 = above;
                if (TForm.Records)
                {
                    V.Store(v1, record + V.Count);
                    V.Store(v2, record + (2 * V.Count));
                    V.Store(v3, record + (3 * V.Count));
                }
            }

            store += advance;
            if (TForm.Records) record += TForm.Groups * V.Count;
        }

        V.Store(v0, values);
        V.Store(d0, diagonals);
        if (TForm.Groups > 1)
        {
            V.Store(v1, values + V.Count);
            V.Store(d1, diagonals + V.Count);
            V.Store(v2, values + (2 * V.Count));
            V.Store(d2, diagonals + (2 * V.Count));
            V.Store(v3, values + (3 * V.Count));
            V.Store(d3, diagonals + (3 * V.Count));
        }
    }

    /// <summary>The same for cells of many instructions, vector by vector from memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void InteriorOfLong(TCells cells, int lanes, T* values, T* diagonals, T* border, T* store, nint advance, nint row, nint t, nint end, T* record)
    {
        nint column = t - (lanes - 1);
        for (; t < end; t++, column++)
        {
            for (int lane = 0; lane < lanes; lane += V.Count)
            {
                V value = V.Load(values + lane);
                V above = V.ShiftIn(value, lane + V.Count < lanes ? V.Load(values + lane + V.Count) : V.Broadcast(border[t]));
                V cell = cells.Cell(V.Load(diagonals + lane), above, value, cells.Sample<V>(row - lane), row - lane, column + lane);
                V.Store(cell, values + lane);
                V.Store(above, diagonals + lane);
                if (lane == 0) V.Store(cell, store);
                if (record is not null) V.Store(cell, record + lane);
            }

            store += advance;
            if (record is not null) record += lanes;
        }
    }

    /// <summary>Steps at which some rows are outside their windows: before it a lane keeps what it holds, behind it stands what is outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Edge(nint t, nint end, T* record)
    {
        int lanes = _groups * V.Count;
        for (int p = 0; p < lanes; p++)
        {
            _starts[lanes - 1 - p] = Relative(_firsts[p], p, t);
            _stops[lanes - 1 - p] = Relative(_ends[p], p, t);
        }

        if (_groups == 1 && !_window.HasHoles) EdgeOfOne(t, end, record);
        else EdgeOfAny(t, end, record);
    }

    /// <summary>The same for one vector, which stays in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void EdgeOfOne(nint t, nint end, T* record)
    {
        TCells cells = _cells;
        T* border = _border, values = _values;
        nint lowest = _row + V.Count - 1;
        V outside = V.Broadcast(_outside), starts = V.Load(_starts), stops = V.Load(_stops), x = cells.Sample<V>(lowest);
        V value = V.Load(values), diagonal = V.Load(_diagonals), step = V.Constant(0);
        for (; t < end; t++)
        {
            V above = V.ShiftIn(value, V.Broadcast(border[t]));
            V cell = cells.Cell(diagonal, above, value, x, lowest, t - V.Count + 1);
            cell = V.SelectLess(step, stops, cell, outside);
            value = V.SelectLess(step, starts, value, cell);
            diagonal = above;
            step += V.Constant(1);
            V.Store(value, values);
            if (record is not null)
            {
                V.Store(value, record);
                record += V.Count;
            }

            Leave(t);
        }

        V.Store(diagonal, _diagonals);
    }

    /// <summary>The same for any number of vectors, and for windows with holes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void EdgeOfAny(nint t, nint end, T* record)
    {
        int lanes = _groups * V.Count;
        bool hasHoles = _window.HasHoles;
        TCells cells = _cells;
        T* values = _values, diagonals = _diagonals;
        V outside = V.Broadcast(_outside), step = V.Constant(0);
        nint lowest = _row + lanes - 1;
        for (; t < end; t++)
        {
            if (hasHoles) SetWalls(t);
            for (int lane = 0; lane < lanes; lane += V.Count)
            {
                V value = V.Load(values + lane);
                V above = V.ShiftIn(value, lane + V.Count < lanes ? V.Load(values + lane + V.Count) : V.Broadcast(_border[t]));
                V cell = cells.Cell(V.Load(diagonals + lane), above, value, cells.Sample<V>(lowest - lane), lowest - lane, t - lanes + 1 + lane);
                if (hasHoles) cell = V.SelectLess(V.Load(_walls + lane), V.Constant(1), cell, outside);
                cell = V.SelectLess(step, V.Load(_stops + lane), cell, outside);
                cell = V.SelectLess(step, V.Load(_starts + lane), value, cell);
                V.Store(cell, values + lane);
                V.Store(above, diagonals + lane);
                if (record is not null) V.Store(cell, record + lane);
            }

            if (record is not null) record += lanes;
            step += V.Constant(1);
            Leave(t);
        }
    }

    /// <summary>Leaves behind what others read: the cell of the last row, and one of the last column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Leave(nint t)
    {
        int lanes = _groups * V.Count;
        nint column = t - (_count - 1), rowAtEnd = t - _region.Right;
        if (column > _region.Left && column <= _region.Right) _border[column] = _values[lanes - _count];
        if (_region.LastColumn is not null && rowAtEnd >= 0 && rowAtEnd < _count) _region.LastColumn[_row + rowAtEnd - _region.Top] = _values[lanes - 1 - rowAtEnd];
    }

    /// <summary>The step at which row p comes to a column, counted from step t; far ones as far as numbers are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Relative(int column, int p, nint t) => Element.Of<T>(Math.Clamp((long)column + p - t, -1L, 2L * ExactSteps));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void SetWalls(nint t)
    {
        int lanes = _groups * V.Count;
        for (int p = 0; p < lanes; p++)
        {
            nint column = t - p;
            bool isInside = p < _count && column > _region.Left && column <= _region.Right && _window.Allows(_row + p, (int)column, _rows, _columns);
            _walls[lanes - 1 - p] = Element.Of<T>(isInside ? 0 : 1);
        }
    }

    /// <summary>Marks those columns of the border as outside that the last strip was not at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void FillOutside(int first, int end)
    {
        for (int column = first; column < Math.Min(end, _coveredFirst); column++) _border[column] = _outside;
        for (int column = Math.Max(first, _coveredEnd); column < end; column++) _border[column] = _outside;
    }
}
