using System.Diagnostics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>One call of the soft kernels with everything it needs: all pairs' values where it has a result, some pairs' derivatives otherwise.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SoftCall<T> : IEngineCall, IVectorJob<T>
    where T : unmanaged
{
    private HostEngine _engine;
    private SoftSeries<T> _x;
    private SoftSeries<T> _y;

    /// <summary>What is computed for a pair.</summary>
    public required SoftProblem Problem { get; init; }

    /// <summary>What becomes of a value.</summary>
    public SoftFinish Finish { get; init; }

    /// <summary>The series of the rows.</summary>
    public required SeriesPack<T> X { get; init; }

    /// <summary>Those of the columns; null for x against itself.</summary>
    public required SeriesPack<T>? Y { get; init; }

    /// <summary>Where values go; absent where derivatives are asked for.</summary>
    public Operand<T> Result { get; init; }

    /// <summary>The pairs whose derivatives are asked for.</summary>
    public (int X, int Y)[]? Pairs { get; init; }

    /// <summary>Where they go.</summary>
    public SoftGradient<T>[]? Gradients { get; init; }

    /// <summary>Where the expected alignment of the only pair goes; null where it is not asked for.</summary>
    public T* Expected { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        double[] centre = SoftSeries<T>.CentreOf(X);
        _engine = engine;
        _x = new(X, centre, Problem.Unit);
        _y = Y is null || ReferenceEquals(X, Y) ? _x : new(Y, centre, Problem.Unit);
        RequireRange(2 * (_x.LargestSquare + _y.LargestSquare));
        SoftCall<T> job = this;
        VectorDispatch.Run<T, SoftCall<T>>(engine.Width, ref job);
        if (Settings.Trace is not { } trace) return;
        trace.Computed(started, Pairs?.Length ?? checked(X.Count * (Y ?? X).Count));
        trace.Tiling = $"a vector of {(engine.Width == SimdWidth.Scalar ? "one cell" : $"{SimdWidths.NameOf(engine.Width)} bits")} along diagonals";
        trace.PeakBytes = Math.Max(trace.PeakBytes, _x.Bytes + (ReferenceEquals(_x, _y) ? 0 : _y.Bytes));
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine) => SoftAccelerator.Run(engine, this);

    /// <summary>Refuses costs beyond the range of the element.</summary>
    /// <param name="largest">What a squared difference may be, in units of ln 2.</param>
    /// <exception cref="NumericalException">It is beyond.</exception>
    public readonly void RequireRange(double largest)
    {
        if (largest < SoftRing<T>.LargestCost) return;
        throw new NumericalException(
            Settings.Operation, "the costs", $"a squared difference may be {largest:g3} times the smoothing, beyond the exponents of {Element.NameOf<T>()}: scale the series, or smooth more");
    }

    /// <inheritdoc/>
    public readonly void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        switch (Problem.Factor)
        {
            case SoftFactor.Exponential: Run<V, ExponentialFactor<T>>(); break;
            case SoftFactor.GlobalAlignment: Run<V, GlobalAlignmentFactor<T>>(); break;
            default: throw new InvalidOperationException($"Not a factor: {Problem.Factor}.");
        }
    }

    private readonly void Run<V, TFactor>()
        where V : unmanaged, IHostVector<V, T>
        where TFactor : unmanaged, ISoftFactor<T>
    {
        if (Problem.SkipsMissing) RunFactor<V, SkippingFactor<TFactor, T>>();
        else RunFactor<V, TFactor>();
    }

    private readonly void RunFactor<V, TFactor>()
        where V : unmanaged, IHostVector<V, T>
        where TFactor : unmanaged, ISoftFactor<T>
    {
        if (Pairs is not null) SoftGradientHost<V, T, TFactor>.Run(_engine, Problem, _x, _y, this);
        else SoftValueHost<V, T, TFactor>.Run(_engine, Problem, _x, _y, this);
    }
}
