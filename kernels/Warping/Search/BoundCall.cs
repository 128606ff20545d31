using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>One lower bound of all pairs of two sets of series of one channel and one length, as an engine computes it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct BoundCall<T> : IEngineCall, IVectorJob<T>
    where T : unmanaged
{
    private HostEngine? _host;

    /// <summary>Which one.</summary>
    public required BoundKind Kind { get; init; }

    /// <summary>Cost, window and what becomes of a value.</summary>
    public required SearchProblem Problem { get; init; }

    /// <summary>The series of x.</summary>
    public required SeriesPack<T> X { get; init; }

    /// <summary>Those of y.</summary>
    public required SeriesPack<T> Y { get; init; }

    /// <summary>Receives the bounds, series of x x series of y.</summary>
    public required T[] Result { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        _host = engine;
        long started = Stopwatch.GetTimestamp();
        VectorDispatch.Run<T, BoundCall<T>>(engine.Width, ref this);
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
        int radius = SearchQuery<T>.Prepare<V>(X[0], Problem.Window, normalizes: false).Radius;
        BoundedPack<T> x = BoundedPack<T>.Prepare<V>(X, radius);
        Job<V, TCost> job = new() { Call = this, X = x, Y = ReferenceEquals(X, Y) ? x : BoundedPack<T>.Prepare<V>(Y, radius), Radius = radius };
        _host!.Run(ref job, X.Count, Settings.Threads);
    }

    /// <summary>One piece is one series of x.</summary>
    private unsafe struct Job<V, TCost> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        public BoundCall<T> Call;
        public BoundedPack<T> X;
        public BoundedPack<T> Y;
        public int Radius;
        private int _done;

        public void Run(int piece)
        {
            Call.Settings.Cancellation.ThrowIfCancellationRequested();
            int length = Call.X.LongestLength, columns = Call.Y.Count;
            BoundedSeries<T> x = X[piece];
            T* work = Scratch.Get<T>(ScratchSlot.Bounds, Bounds<V, T, TCost>.WorkLength(length, Radius));
            for (int j = 0; j < columns; j++)
            {
                T sum = Of(x, Y[j], length, work);
                Call.Result[(piece * columns) + j] = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(Call.Problem.Finish, Lanes1<T>.Broadcast(sum), length, length));
            }

            Call.Settings.Progress?.Report((double)Interlocked.Increment(ref _done) / Call.X.Count);
        }

        private readonly T Of(in BoundedSeries<T> x, in BoundedSeries<T> y, int length, T* work) => Call.Kind switch
        {
            BoundKind.Kim => Bounds<V, T, TCost>.Kim(x.Values, y.Values, length),
            BoundKind.Keogh => Bounds<V, T, TCost>.Keogh(x.Values, y.Lower, y.Upper, length),
            BoundKind.Improved => Bounds<V, T, TCost>.Improved(x.Values, y, length, Radius, work),
            _ => Bounds<V, T, TCost>.Webb(x, y, length, Radius, work),
        };
    }
}
