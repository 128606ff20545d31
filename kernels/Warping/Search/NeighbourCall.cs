using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// The nearest series of a set for each of another, of one channel and one length, as an engine finds them: candidates in the order of
/// their lower bounds, until a bound says that none of the rest can be nearer. The same answer as from all distances.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
internal struct NeighbourCall<T> : IEngineCall, IVectorJob<T>
    where T : unmanaged
{
    private HostEngine? _host;

    /// <summary>Cost, window and what becomes of the value; its count is that of the neighbours.</summary>
    public required SearchProblem Problem { get; init; }

    /// <summary>The series whose neighbours are sought.</summary>
    public required SeriesPack<T> X { get; init; }

    /// <summary>The candidates.</summary>
    public required SeriesPack<T> Y { get; init; }

    /// <summary>Whether series i of y is no neighbour of series i of x.</summary>
    public required bool ExcludesSelf { get; init; }

    /// <summary>Receives the candidates' numbers, series of x x count; -1 where there are too few at a finite distance.</summary>
    public required int[] Indices { get; init; }

    /// <summary>Receives their distances; infinity where there are too few.</summary>
    public required T[] Distances { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        _host = engine;
        long started = Stopwatch.GetTimestamp();
        VectorDispatch.Run<T, NeighbourCall<T>>(engine.Width, ref this);
        Settings.Trace?.Computed(started, X.Count);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine) => throw Warping.NoSearchKernels(engine, Settings.Operation);

    /// <inheritdoc/>
    public readonly void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        if (Problem.Cost == PointCost.SquaredEuclidean) Run<V, SquaredCost<T>>();
        else Run<V, AbsoluteCost<T>>();
    }

    private readonly void Run<V, TCost>()
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        int radius = SearchQuery<T>.Prepare<V>(Y[0], Problem.Window, normalizes: false).Radius;
        Job<V, TCost> job = new() { Call = this, Candidates = BoundedPack<T>.Prepare<V>(Y, radius) };
        _host!.Run(ref job, X.Count, Settings.Threads);
    }

    /// <summary>One piece is one series of x.</summary>
    private unsafe struct Job<V, TCost> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        public NeighbourCall<T> Call;
        public BoundedPack<T> Candidates;
        private int _done;

        public void Run(int piece)
        {
            Call.Settings.Cancellation.ThrowIfCancellationRequested();
            SearchProblem problem = Call.Problem;
            SearchQuery<T> query = SearchQuery<T>.Prepare<V>(Call.X[piece], problem.Window, normalizes: false);
            SearchBest best = new(problem.Count, 1);
            int length = query.Length, candidates = Call.Y.Count;
            double[] bounds = new double[candidates];
            int[] order = new int[candidates];
            for (int i = 0; i < candidates; i++) (order[i], bounds[i]) = (i, Cheap(query.Bounded, Candidates[i], length));
            if (Call.ExcludesSelf) bounds[piece] = double.PositiveInfinity;
            Array.Sort(bounds, order);
            T* memory = Scratch.Get<T>(ScratchSlot.Search, SearchCandidates<V, T, TCost>.MemoryLength(length));
            T* work = Scratch.Get<T>(ScratchSlot.Bounds, Bounds<V, T, TCost>.WorkLength(length, query.Radius));
            SearchCandidates<V, T, TCost> lanes = new(query, best, problem.Finish, problem.IsExhaustive, memory);
            for (int k = 0; k < candidates; k++)
            {
                double limit = Element.ToDouble(lanes.Limit);
                if (bounds[k] >= limit) break;
                BoundedSeries<T> candidate = Candidates[order[k]];
                if (limit < double.PositiveInfinity && IsBeyond(candidate, query, limit, work)) continue;
                lanes.Add(order[k], candidate.Values);
            }

            lanes.Flush();
            Write(piece, best.ToArray());
            Call.Settings.Progress?.Report((double)Interlocked.Increment(ref _done) / Call.X.Count);
        }

        /// <summary>The largest of the bounds that need envelopes alone.</summary>
        private static double Cheap(in BoundedSeries<T> query, in BoundedSeries<T> candidate, int length)
        {
            T ends = Bounds<V, T, TCost>.Kim(candidate.Values, query.Values, length);
            T there = Bounds<V, T, TCost>.Keogh(candidate.Values, query.Lower, query.Upper, length);
            T back = Bounds<V, T, TCost>.Keogh(query.Values, candidate.Lower, candidate.Upper, length);
            return Math.Max(Element.ToDouble(ends), Math.Max(Element.ToDouble(there), Element.ToDouble(back)));
        }

        private static bool IsBeyond(in BoundedSeries<T> candidate, SearchQuery<T> query, double limit, T* work) =>
            Element.ToDouble(Bounds<V, T, TCost>.Improved(candidate.Values, query.Bounded, query.Length, query.Radius, work)) >= limit
            || Element.ToDouble(Bounds<V, T, TCost>.Webb(candidate, query.Bounded, query.Length, query.Radius, work)) >= limit;

        private readonly void Write(int piece, SearchMatch[] matches)
        {
            int count = Call.Problem.Count;
            for (int k = 0; k < count; k++)
            {
                bool isThere = k < matches.Length;
                Call.Indices[(piece * count) + k] = isThere ? matches[k].Position : -1;
                Call.Distances[(piece * count) + k] = Element.Of<T>(isThere ? matches[k].Distance : double.PositiveInfinity);
            }
        }
    }
}
