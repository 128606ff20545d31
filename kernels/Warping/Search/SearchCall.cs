using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A similarity search, as an engine runs it: pieces of the stream are shared by the threads, as is the best so far.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SearchCall<T> : IEngineCall, IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Windows of a piece: its arrays stay in the second-level cache, and it takes a fraction of a millisecond.</summary>
    private const int PieceWindows = 8192;

    private HostEngine? _host;

    /// <summary>What is looked for.</summary>
    public required SearchProblem Problem { get; init; }

    /// <summary>The query's samples.</summary>
    public required ReadOnlyMemory<T> Query { get; init; }

    /// <summary>The stream, pinned for the length of the call.</summary>
    public required T* Stream { get; init; }

    /// <summary>Its samples, at least those of the query.</summary>
    public required int StreamLength { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Takes the matches.</summary>
    public required SearchBest Best { get; init; }

    /// <summary>What became of the windows.</summary>
    public DtwSearchLedger Ledger { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        _host = engine;
        long started = Stopwatch.GetTimestamp();
        VectorDispatch.Run<T, SearchCall<T>>(engine.Width, ref this);
        Settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        Ledger = new SearchAccelerator<T>(engine, this).Run();
        Settings.Trace?.Tiling = "tiles of windows, a thread each: bounds of Kim and Keogh, then batches through the tighter ones and alignments that are given up";
    }

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        // Of one channel the Euclidean cost is the absolute one.
        if (Problem.Cost == PointCost.SquaredEuclidean) Run<V, SquaredCost<T>>();
        else Run<V, AbsoluteCost<T>>();
    }

    private void Run<V, TCost>()
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        int windows = StreamLength - Query.Length + 1;
        int each = Math.Max(PieceWindows, (int)Math.Min(int.MaxValue / 64, 4L * Query.Length));
        Job<V, TCost> job = new()
        {
            Call = this,
            Query = SearchQuery<T>.Prepare<V>(Query.Span, Problem.Window, Problem.ZNormalizes),
            Windows = windows,
            Each = each,
            Pieces = (windows + each - 1) / each,
            Ledgers = new DtwSearchLedger[(windows + each - 1) / each],
        };
        _host!.Run(ref job, job.Pieces, Settings.Threads);
        DtwSearchLedger sum = job.Ledgers[0];
        foreach (DtwSearchLedger ledger in job.Ledgers.AsSpan(1)) sum = sum.Plus(ledger);
        Ledger = sum;
    }

    private struct Job<V, TCost> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        public SearchCall<T> Call;
        public SearchQuery<T> Query;
        public int Windows;
        public int Each;
        public int Pieces;
        public DtwSearchLedger[] Ledgers;
        private int _done;

        public void Run(int piece)
        {
            Call.Settings.Cancellation.ThrowIfCancellationRequested();
            int first = piece * Each, end = (int)Math.Min(Windows, (long)first + Each);
            SearchPiece<V, T, TCost> windows = new(Call.Problem, Query, Call.Stream, Call.StreamLength, first, end, Call.Best);
            if (Call.Problem.IsExhaustive) windows.SearchExhaustively();
            else windows.Search();
            Ledgers[piece] = windows.Ledger;
            Call.Settings.Progress?.Report((double)Interlocked.Increment(ref _done) / Pieces);
        }
    }
}
