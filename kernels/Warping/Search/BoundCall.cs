using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>One lower bound of one pair of series, as an engine computes it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct BoundCall<T> : IEngineCall, IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Which one.</summary>
    public required BoundKind Kind { get; init; }

    /// <summary>Cost, window and what becomes of the value.</summary>
    public required SearchProblem Problem { get; init; }

    /// <summary>The samples of x.</summary>
    public required T[] X { get; init; }

    /// <summary>As many of y.</summary>
    public required T[] Y { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>The bound.</summary>
    public T Value { get; private set; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine) => VectorDispatch.Run<T, BoundCall<T>>(engine.Width, ref this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine) => throw Warping.NoSearchKernels(engine, Settings.Operation);

    /// <inheritdoc/>
    public void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        T value = Problem.Cost == PointCost.SquaredEuclidean ? Sum<V, SquaredCost<T>>() : Sum<V, AbsoluteCost<T>>();
        Value = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(Problem.Finish, Lanes1<T>.Broadcast(value), X.Length, X.Length));
    }

    private readonly T Sum<V, TCost>()
        where V : unmanaged, IHostVector<V, T>
        where TCost : unmanaged, IPointCost<T>
    {
        SearchQuery<T> first = SearchQuery<T>.Prepare<V>(X, Problem.Window, normalizes: false), second = SearchQuery<T>.Prepare<V>(Y, Problem.Window, normalizes: false);
        BoundedSeries<T> x = first.Bounded, y = second.Bounded;
        T* work = Scratch.Get<T>(ScratchSlot.Bounds, Bounds<V, T, TCost>.WorkLength(X.Length, first.Radius));
        T sum = Kind switch
        {
            BoundKind.Kim => Bounds<V, T, TCost>.Kim(x.Values, y.Values, X.Length),
            BoundKind.Keogh => Bounds<V, T, TCost>.Keogh(x.Values, y.Lower, y.Upper, X.Length),
            BoundKind.Improved => Bounds<V, T, TCost>.Improved(x.Values, y, X.Length, first.Radius, work),
            _ => Bounds<V, T, TCost>.Webb(x, y, X.Length, first.Radius, work),
        };
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        return sum;
    }
}
