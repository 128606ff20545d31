using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Pairs;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Some pairs whose tables were computed on a device: their last rows and columns, and the path from any cell. Disposing returns the memory.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class WarpingPathBatch<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Moves of one launch: a chain of loads each, about a microsecond, under a twentieth of a second in all.</summary>
    private const int MostMoves = 1 << 15;

    private readonly AcceleratorEngine _engine;
    private readonly IWarpingLauncher<T> _launcher;
    private readonly WarpingProblem _problem;
    private readonly WarpingPathPlan _plan;
    private readonly DeviceSeries<T>[] _x;
    private readonly DeviceSeries<T>[] _y;
    private readonly long _first;
    private readonly bool _isInterleaved;
    private readonly RunSettings _settings;
    private readonly AcceleratorBuffer<T> _work = null!;
    private readonly AcceleratorBuffer<T> _cells = null!;
    private readonly AcceleratorBuffer<int> _choices = null!;
    private readonly AcceleratorBuffer<int> _moves = null!;
    private readonly AcceleratorBuffer<int> _states = null!;
    private readonly T[][] _lastRows;
    private readonly T[][] _lastColumns;
    private WarpingArguments<T> _arguments;

    /// <summary>Computes the tables.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="launcher">The kernels.</param>
    /// <param name="problem">What is computed.</param>
    /// <param name="plan">How; a pair for each of its teams.</param>
    /// <param name="arguments">What the kernels read.</param>
    /// <param name="x">The series of the rows, in the order of the lists.</param>
    /// <param name="y">Those of the columns.</param>
    /// <param name="first">The first pair, counted over all.</param>
    /// <param name="isInterleaved">Whether the memories of teams lie interleaved: where a team is one thread, and of step patterns.</param>
    /// <param name="settings">How to run.</param>
    public WarpingPathBatch(
        AcceleratorEngine engine,
        IWarpingLauncher<T> launcher,
        WarpingProblem problem,
        in WarpingPathPlan plan,
        in WarpingArguments<T> arguments,
        DeviceSeries<T>[] x,
        DeviceSeries<T>[] y,
        long first,
        bool isInterleaved,
        in RunSettings settings)
    {
        (_engine, _launcher, _problem, _plan, _arguments, _x, _y, _first, _isInterleaved, _settings) =
            (engine, launcher, problem, plan, arguments, x, y, first, isInterleaved, settings);
        Count = plan.Launches.Teams;
        (_lastRows, _lastColumns) = (new T[Count][], new T[Count][]);
        try
        {
            _work = engine.Rent<T>(Count * plan.WorkPerTeam, settings.Operation);
            _cells = engine.Rent<T>(Math.Max(1, Count * plan.CellsPerTeam), settings.Operation);
            _choices = engine.Rent<int>(Math.Max(1, Count * plan.ChoicesPerTeam), settings.Operation);
            _moves = engine.Rent<int>((long)Count * plan.MoveWords, settings.Operation);
            _states = engine.Rent<int>((long)Count * WarpingTraceKernel.StateSize, settings.Operation);
            Describe();
            Compute(0, plan.Launches.Passes, storesCells: plan.Blocks == 1);
            DownloadEnds();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The pairs.</summary>
    public int Count { get; }

    /// <summary>Bytes held on the device.</summary>
    public long Bytes => ((_work.Length + _cells.Length) * Element.SizeOf<T>()) + ((_choices.Length + _moves.Length + _states.Length) * sizeof(int));

    /// <summary>Which series of x and which of y a pair is of.</summary>
    public (int X, int Y) Pair(int pair) => (X(pair).Index, Y(pair).Index);

    /// <summary>The cells of a pair's last row; infinity outside the window.</summary>
    public T[] LastRow(int pair) => _lastRows[pair];

    /// <summary>The cells of its last column.</summary>
    public T[] LastColumn(int pair) => _lastColumns[pair];

    /// <summary>Where the best path of a pair ends.</summary>
    public unsafe PairEnd<T> End(int pair)
    {
        fixed (T* row = _lastRows[pair], column = _lastColumns[pair])
        {
            return PairEnd<T>.Of(_problem.Ends, _lastColumns[pair].Length, _lastRows[pair].Length, row, 1, column, 1);
        }
    }

    /// <summary>The rows and columns of each pair's path to its begin, from its begin on; none for a pair whose end has an infinite value.</summary>
    /// <param name="ends">The end of each pair's path.</param>
    public (int[] X, int[] Y)[] Trace(ReadOnlySpan<PairEnd<T>> ends)
    {
        int[] states = new int[Count * WarpingTraceKernel.StateSize];
        int most = 0;
        for (int pair = 0; pair < Count; pair++)
        {
            bool isThere = double.IsFinite(Element.ToDouble(ends[pair].Value));
            states[pair * WarpingTraceKernel.StateSize] = isThere ? ends[pair].Row : -1;
            states[(pair * WarpingTraceKernel.StateSize) + 1] = ends[pair].Column;
            if (isThere) most = Math.Max(most, _plan.IsPattern ? ends[pair].Row : ends[pair].Column);
        }

        _engine.Upload<int>(states, _states, 0);
        for (int block = most / _plan.BlockSize; block >= 0; block--)
        {
            if (_plan.Blocks > 1) Compute(block * _plan.BlockPasses, Math.Min(_plan.Launches.Passes, (block + 1) * _plan.BlockPasses), storesCells: true);
            Follow(block);
        }

        _engine.Synchronize(_settings.Trace);
        _engine.Download<int>(_states, 0, states);
        int[] moves = new int[Count * _plan.MoveWords];
        _engine.Download<int>(_moves, 0, moves);
        (int[] X, int[] Y)[] paths = new (int[], int[])[Count];
        for (int pair = 0; pair < Count; pair++)
        {
            bool isThere = double.IsFinite(Element.ToDouble(ends[pair].Value));
            paths[pair] = isThere
                ? Forward(ends[pair], moves.AsSpan(pair * _plan.MoveWords, _plan.MoveWords), states[(pair * WarpingTraceKernel.StateSize) + 2])
                : ([], []);
        }

        return paths;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work?.Dispose();
        _cells?.Dispose();
        _choices?.Dispose();
        _moves?.Dispose();
        _states?.Dispose();
    }

    private DeviceSeries<T> X(int pair) => _x[(_first + pair) / _y.Length];

    private DeviceSeries<T> Y(int pair) => _y[(_first + pair) % _y.Length];

    private void Describe()
    {
        WarpingDevicePlan launches = _plan.Launches;
        ref WarpingShape shape = ref _arguments.Shape;
        (_arguments.Work, _arguments.Result, _arguments.Choices) = (_work.View, _cells.View, _choices.View);
        (shape.FirstPair, shape.EndPair, shape.Teams, shape.Lanes) = (_first, _first + Count, Count, launches.Lanes);
        (shape.LaneColumns, shape.RingRows) = (launches.LaneColumns, launches.RingRows);
        (shape.BorderRow, shape.BorderTeam) = _isInterleaved ? (Count, 1) : (1, _plan.WorkPerTeam);
        shape.BorderSlot = _plan.BorderLength * shape.BorderRow;
        shape.BlockPasses = _plan.BlockPasses;
        (shape.ChoiceBits, shape.ChoiceWords) = (_plan.MoveBits, _plan.ChoiceWords);
        shape.LastRow = _plan.LastRow;
        shape.Result = new() { RowStride = _plan.BlockSize, ColumnStride = 1, BatchStride = _plan.CellsPerTeam };
        if (_settings.Trace is not { } trace) return;
        trace.Tiling = $"{_problem.Recurrence}, " + (launches.Lanes > 1 ? $"a team of {launches.Lanes} threads per pair" : "a thread per pair")
            + (_plan.Blocks > 1 ? $", paths through {_plan.Blocks} blocks of {_plan.BlockSize} {(_plan.IsPattern ? "rows" : "columns")}" : ", paths through whole tables");
    }

    /// <summary>Computes strips of all pairs: the first time with what stays, again with the cells of one block.</summary>
    private void Compute(int firstPass, int endPass, bool storesCells)
    {
        bool isFirst = firstPass == 0 && endPass == _plan.Launches.Passes;
        ref WarpingShape shape = ref _arguments.Shape;
        shape.KeepsBorders = isFirst ? 1 : 0;
        shape.StoresCells = storesCells ? 1 : 0;
        WarpingDevicePlan launches = _plan.Launches;
        int threads = Count * launches.Lanes;
        KernelConfig config = new((threads + launches.GroupSize - 1) / launches.GroupSize, launches.GroupSize);
        for (int pass = firstPass; pass < endPass; pass += Math.Min(launches.PassesPerLaunch, endPass - pass))
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            (shape.FirstPass, shape.EndPass) = (pass, pass + Math.Min(launches.PassesPerLaunch, endPass - pass));
            _launcher.Launch(_engine, config, _arguments, _settings.Trace);
            _settings.Trace?.Tiles += 1;
            _engine.Synchronize(_settings.Trace);
        }
    }

    private void Follow(int block)
    {
        WarpingSteps steps = new()
        {
            Moves = _moves.View,
            States = _states.View,
            Block = new() { Number = block, First = block * _plan.BlockSize, MostMoves = MostMoves, MoveWords = _plan.MoveWords },
        };
        int group = Math.Min(Count, _plan.Launches.GroupSize);
        for (long moves = 0; moves < (long)_plan.BlockSize + (_plan.IsPattern ? _plan.Columns : _plan.Rows); moves += MostMoves)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            _launcher.Trace(_engine, new KernelConfig((Count + group - 1) / group, group), _arguments, steps, _settings.Trace);
        }
    }

    private void DownloadEnds()
    {
        int length = _plan.Columns + _plan.Rows;
        T[] all = new T[(long)length * Count];
        if (_isInterleaved) _engine.Download<T>(_work, _plan.LastRow * Count, all);
        else for (int pair = 0; pair < Count; pair++) _engine.Download<T>(_work, (pair * _plan.WorkPerTeam) + _plan.LastRow, all.AsSpan(pair * length, length));
        (int atPair, int atCell) = _isInterleaved ? (1, Count) : (length, 1);
        for (int pair = 0; pair < Count; pair++)
        {
            int rows = X(pair).Length, columns = Y(pair).Length;
            T[] row = new T[columns], column = new T[rows];
            for (int j = 0; j < columns; j++) row[j] = Gated(all[(pair * atPair) + (j * atCell)], rows - 1, j, rows, columns);
            for (int i = 0; i < rows; i++) column[i] = Gated(all[(pair * atPair) + ((_plan.Columns + i) * atCell)], i, columns - 1, rows, columns);
            (_lastRows[pair], _lastColumns[pair]) = (row, column);
        }
    }

    /// <summary>The window's cells alone were written.</summary>
    private T Gated(T value, int row, int column, int rows, int columns)
    {
        RowRange range = _problem.Window.Row(row, rows, columns);
        bool isInside = column >= range.First && column < range.End && (!_problem.Window.HasHoles || _problem.Window.Allows(row, column, rows, columns));
        return isInside ? value : Element.Of<T>(double.PositiveInfinity);
    }

    private (int[] X, int[] Y) Forward(PairEnd<T> end, ReadOnlySpan<int> moves, int count)
    {
        PairTrace<T> path = new(end);
        int perWord = _plan.MovesPerWord, mask = (1 << _plan.MoveBits) - 1;
        for (int k = 0; k < count; k++)
        {
            int move = (moves[k / perWord] >> (_plan.MoveBits * (k % perWord))) & mask;
            if (_plan.IsPattern) path.Follow(_problem.Pattern!.Steps[move - WarpingPatternKernel.Begins - 1], end.Value);
            else path.Continue(path.Row - (move == (int)WarpingMove.Left ? 0 : 1), path.Column - (move == (int)WarpingMove.Above ? 0 : 1), end.Value);
        }

        return path.Forward();
    }
}
