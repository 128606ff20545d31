using System.Diagnostics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Rows of a step pattern's table through which paths are traced: all their cells where they are few, otherwise some rows, between which a level below computes the cells again.</summary>
internal sealed unsafe class PatternLevel<V, T, TCosts>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCosts : struct, IPatternCosts<T>
{
    /// <summary>The most cells that are kept, whole or in rows between blocks: at 8 bytes 32 MiB each.</summary>
    private const long MostKept = 1 << 22;

    /// <summary>The fewest blocks into which rows are cut, however long they are.</summary>
    private const int FewestBlocks = 16;

    private T[] _memory = [];
    private PatternLevel<V, T, TCosts>? _below;
    private int _above = -2;
    private int _last;
    private int _computed;
    private int _stride;
    private int _reach;
    private int _step;
    private bool _records;

    /// <summary>Bytes that this level and those below it hold.</summary>
    public long Bytes => ((long)_memory.Length * sizeof(T)) + (_below?.Bytes ?? 0);

    /// <summary>The rows that steps from the first one look back upon; the caller's to fill, unless it is the table's first one.</summary>
    public T* RowsAbove => (T*)Unsafe.AsPointer(ref _memory[0]);

    private T* Kept => RowsAbove + ((nint)_reach * _stride);

    /// <summary>Takes the rows behind <paramref name="above"/>, up to <paramref name="last"/>.</summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="above">The row before the first one; -1 for the table's first.</param>
    /// <param name="last">The last row.</param>
    /// <param name="computed">Columns to compute, from the first one on.</param>
    public void Enter(in PatternRows<V, T, TCosts> rows, int above, int last, int computed)
    {
        (_above, _last, _computed, _stride, _reach) = (above, last, computed, rows.Columns, rows.Reach);
        _below?.Leave();
        int count = last - above;
        _records = (long)count * _stride <= MostKept || count <= FewestBlocks;
        long blocks = Math.Max(FewestBlocks, MostKept / ((long)_reach * _stride));
        _step = (int)((count + blocks - 1) / blocks);
        long kept = _records ? (long)count * _stride : count / _step * (long)_reach * _stride;
        long length = kept + ((long)_reach * _stride);
        if (_memory.Length < length) _memory = GC.AllocateUninitializedArray<T>(checked((int)length), pinned: true);
    }

    /// <summary>Computes the rows.</summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="computed">Told of every row.</param>
    public void Compute<TObserver>(in PatternRows<V, T, TCosts> rows, ref TObserver computed)
        where TObserver : struct, IPatternObserver<T>
    {
        if (_above < 0) rows.Clear();
        else rows.Restore(_above, RowsAbove, _computed);
        for (int row = _above + 1; row <= _last; row++)
        {
            rows.Compute(row, _computed);
            computed.Computed(row, rows.Values(row));
            int index = row - _above;
            if (_records) new Span<T>(rows.Values(row), _computed).CopyTo(new(Record(row), _computed));
            else if (index % _step == 0) rows.Save(row, KeptRows((index / _step) - 1));
        }
    }

    /// <summary>Follows a path backwards until it leaves these rows upwards or begins.</summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="path">Receives the cells on the way.</param>
    /// <returns>Whether it begins.</returns>
    public bool Trace(in PatternRows<V, T, TCosts> rows, PairTrace<T> path)
    {
        while (path.Row > _above)
        {
            if (_records ? Step(rows, path) : Block(rows, path).Trace(rows, path)) return true;
        }

        return false;
    }

    private void Leave() => _above = -2;

    private T* Record(int row) => Kept + ((nint)(row - _above - 1) * _stride);

    private T* KeptRows(int index) => Kept + ((nint)index * _reach * _stride);

    /// <summary>The level below, with the rows that hold the path's cell computed up to there.</summary>
    private PatternLevel<V, T, TCosts> Block(in PatternRows<V, T, TCosts> rows, PairTrace<T> path)
    {
        int index = (path.Row - _above - 1) / _step, above = _above + (index * _step);
        PatternLevel<V, T, TCosts> below = _below ??= new();
        if (below._above == above && path.Row <= below._last && path.Column < below._computed) return below;
        below.Enter(rows, above, path.ReturnsToBlocks ? Math.Min(_last, above + _step) : path.Row, path.ReturnsToBlocks ? _computed : path.Column + 1);
        T* source = index == 0 ? RowsAbove : KeptRows(index - 1);
        if (above >= 0) new Span<T>(source, _reach * _stride).CopyTo(new(below.RowsAbove, _reach * _stride));
        NoObserver<T> nobody = default;
        below.Compute(rows, ref nobody);
        return below;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool Step(in PatternRows<V, T, TCosts> rows, PairTrace<T> path)
    {
        int row = path.Row, column = path.Column;
        double value = Element.ToDouble(path.Value);
        if (rows.IsBegin(row, column) && Element.ToDouble(rows.Cost(row, column)) == value) return true;
        for (int k = 0; k < rows.Steps.All.Length; k++)
        {
            PatternSteps<T>.Step step = rows.Steps.All[k];
            if (step.Rows > row || step.Columns > column) continue;
            T from = Cell(row - step.Rows, column - step.Columns);
            if (Element.ToDouble(rows.Sum(from, step, row, column)) != value) continue;
            path.Follow(rows.Steps.Pattern.Steps[k], from);
            return false;
        }

        throw new UnreachableException($"no step of '{rows.Steps.Pattern.Name}' leads to cell ({row}, {column})");
    }

    private T Cell(int row, int column) => row > _above ? Record(row)[column] : RowsAbove[((nint)(row - _above + _reach - 1) * _stride) + column];
}
