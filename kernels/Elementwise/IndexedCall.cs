using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>
/// result(targets(t), :) = sum over k from starts(t) to starts(t + 1) of source(sources(k), :), or that added to what stands there:
/// with targets and starts absent, row t gathers the one row sources(t). Every sum has the order of its sources; a target is met once.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal struct IndexedCall<T> : IEngineCall
    where T : unmanaged
{
    /// <summary>The rows that receive, columns consecutive.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The rows that are taken, columns consecutive.</summary>
    public required Operand<T> Source { get; init; }

    /// <summary>Rows that are taken: 1 x as many.</summary>
    public required Operand<int> Sources { get; init; }

    /// <summary>Rows that receive, each once; nothing for row t of the result.</summary>
    public Operand<int> Targets { get; init; }

    /// <summary>Where the sources of each target begin, and the end of the last; nothing for one each.</summary>
    public Operand<int> Starts { get; init; }

    /// <summary>Rows that receive something.</summary>
    public required int Count { get; init; }

    /// <summary>Whether rows are added to what stands in the result.</summary>
    public bool Adds { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => IndexedHost<T>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Count == 0 || Result.Columns == 0) return;

        // Rows that receive nothing keep what stands there.
        using DeviceMatrix<T> result = engine.Update(Result, Settings);
        using DeviceMatrix<T> source = engine.Read(Source, Settings);
        using DeviceMatrix<int> sources = engine.Read(Sources, Settings);
        using DeviceMatrix<int> targets = Targets.IsAbsent ? default : engine.Read(Targets, Settings);
        using DeviceMatrix<int> starts = Starts.IsAbsent ? default : engine.Read(Starts, Settings);
        IndexedShape shape = new()
        {
            Count = (long)Count * Result.Columns,
            Columns = Result.Columns,
            Adds = Adds ? 1 : 0,
            HasTargets = Targets.IsAbsent ? 0 : 1,
            HasStarts = Starts.IsAbsent ? 0 : 1,
            Result = ElementPlace.Of(result),
            Source = ElementPlace.Of(source),
            Sources = sources.Offset,
            Targets = Targets.IsAbsent ? 0 : targets.Offset,
            Starts = Starts.IsAbsent ? 0 : starts.Offset,
        };
        IndexedKernels<T>.Instance.Run(
            engine,
            result.View,
            source.View,
            sources.View,
            Targets.IsAbsent ? sources.View : targets.View,
            Starts.IsAbsent ? sources.View : starts.View,
            shape,
            Settings);
        result.Commit();
    }
}

/// <summary>Rows taken and added up by index on the host: a piece of work owns rows of the result.</summary>
internal unsafe struct IndexedHost<T> : IVectorJob<T>
    where T : unmanaged
{
    private HostEngine _engine;
    private ElementOperand<T> _result, _source;
    private int* _sources, _targets, _starts;
    private int _count, _columns;
    private bool _adds;
    private RunSettings _settings;

    /// <summary>Fills the rows.</summary>
    public static void Run(HostEngine engine, in IndexedCall<T> call)
    {
        if (call.Count == 0 || call.Result.Columns == 0) return;
        string operation = call.Settings.Operation;
        IndexedHost<T> job = new()
        {
            _engine = engine,
            _result = ElementOperand<T>.Of(engine, call.Result, operation),
            _source = ElementOperand<T>.Of(engine, call.Source, operation),
            _sources = engine.Resolve(call.Sources, operation),
            _targets = call.Targets.IsAbsent ? null : engine.Resolve(call.Targets, operation),
            _starts = call.Starts.IsAbsent ? null : engine.Resolve(call.Starts, operation),
            _count = call.Count,
            _columns = call.Result.Columns,
            _adds = call.Adds,
            _settings = call.Settings,
        };
        VectorDispatch.Run<T, IndexedHost<T>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Host = this, Pieces = ElementPieces.OfRows(_count, _columns) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public IndexedHost<T> Host;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            Host._settings.Cancellation.ThrowIfCancellationRequested();
            ElementPiece part = Pieces[piece];
            for (int row = (int)part.Row; row < part.RowEnd; row++) Host.Row<V>(row);
        }
    }

    private readonly void Row<V>(int row)
        where V : unmanaged, IHostVector<V, T>
    {
        T* at = _result.First + ((_targets is null ? row : _targets[row]) * _result.RowStride);
        int first = _starts is null ? row : _starts[row], end = _starts is null ? row + 1 : _starts[row + 1];
        Span<T> target = new(at, _columns);
        if (!_adds && first == end) target.Clear();
        for (int k = first; k < end; k++)
        {
            T* from = _source.First + (_sources[k] * _source.RowStride);
            if (k == first && !_adds) new ReadOnlySpan<T>(from, _columns).CopyTo(target);
            else RowProducts<V, T>.Add(Element.Of<T>(1), from, at, _columns);
        }
    }
}
