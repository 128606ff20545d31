using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Moving;

/// <summary>Windows on the host: neighbouring windows in the lanes, four vectors of them under way.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TRule">What is computed.</typeparam>
internal unsafe struct MovingHost<T, TRule> : IVectorJob<T>
    where T : unmanaged
    where TRule : struct, IMovingRule<T>
{
    private HostEngine _engine;
    private MovingPlan _plan;
    private T* _series, _result;
    private long _seriesStride, _resultStride;
    private T _weight;
    private RunSettings _settings;

    /// <summary>Computes all windows.</summary>
    public static void Run(HostEngine engine, in MovingCall<T, TRule> call)
    {
        if (call.Plan.Rows == 0) return;
        MovingHost<T, TRule> job = new()
        {
            _engine = engine,
            _plan = call.Plan,
            _series = engine.Resolve(call.Series, call.Settings.Operation),
            _result = engine.Resolve(call.Result, call.Settings.Operation),
            _seriesStride = call.Series.RowStride,
            _resultStride = call.Result.RowStride,
            _weight = call.Weight,
            _settings = call.Settings,
        };
        VectorDispatch.Run<T, MovingHost<T, TRule>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Host = this, Pieces = ElementPieces.Of(_plan.Rows, _plan.Windows) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public MovingHost<T, TRule> Host;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            Host._settings.Cancellation.ThrowIfCancellationRequested();
            ElementPiece part = Pieces[piece];
            for (long row = part.Row; row < part.RowEnd; row++)
            {
                Windows<V>(
                    Host._series + (row * Host._seriesStride) + part.Column,
                    Host._result + (row * Host._resultStride) + part.Column,
                    (int)(part.ColumnEnd - part.Column),
                    Host._plan.Window,
                    V.Broadcast(Host._weight));
            }
        }
    }

    /// <summary>Neighbouring windows: each is the same steps in the same order, wherever the cut between vectors falls.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Windows<V>(T* series, T* result, int count, int window, V weight)
        where V : unmanaged, IHostVector<V, T>
    {
        int i = 0;
        for (; i + (4 * V.Count) <= count; i += 4 * V.Count)
        {
            FourOf<V> centres = FourOf<V>.Load(series + i);
            if (TRule.IsAroundMean) centres = Four<V, MeanRule<T>>(series + i, window, centres, weight);
            Four<V, TRule>(series + i, window, centres, weight).Store(result + i);
        }

        for (; i < count; i += V.Count)
        {
            int lanes = Math.Min(V.Count, count - i);
            V centre = Load<V>(series + i, lanes);
            if (TRule.IsAroundMean) centre = One<V, MeanRule<T>>(series + i, lanes, window, centre, weight);
            V.StorePartial(One<V, TRule>(series + i, lanes, window, centre, weight), result + i, lanes);
        }
    }

    /// <summary>Four vectors of windows: a step waits four cycles for the one before it, so four chains start one in each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FourOf<V> Four<V, TStep>(T* series, int window, in FourOf<V> centres, V weight)
        where V : unmanaged, IHostVector<V, T>
        where TStep : struct, IMovingRule<T>
    {
        FourOf<V> first = FourOf<V>.Load(series);
        V a = TStep.Start(first.A), b = TStep.Start(first.B), c = TStep.Start(first.C), d = TStep.Start(first.D);
        for (int k = 0; k < window; k++)
        {
            T* at = series + k;
            a = TStep.Add(a, V.Load(at), centres.A, weight);
            b = TStep.Add(b, V.Load(at + V.Count), centres.B, weight);
            c = TStep.Add(c, V.Load(at + (2 * V.Count)), centres.C, weight);
            d = TStep.Add(d, V.Load(at + (3 * V.Count)), centres.D, weight);
        }

        return new()
        {
            A = TStep.Result(a, centres.A),
            B = TStep.Result(b, centres.B),
            C = TStep.Result(c, centres.C),
            D = TStep.Result(d, centres.D),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V One<V, TStep>(T* series, int lanes, int window, V centre, V weight)
        where V : unmanaged, IHostVector<V, T>
        where TStep : struct, IMovingRule<T>
    {
        V state = TStep.Start(Load<V>(series, lanes));
        for (int k = 0; k < window; k++) state = TStep.Add(state, Load<V>(series + k, lanes), centre, weight);
        return TStep.Result(state, centre);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(T* source, int lanes)
        where V : unmanaged, IHostVector<V, T> => lanes == V.Count ? V.Load(source) : V.LoadPartial(source, lanes);

    /// <summary>Four consecutive vectors.</summary>
    private struct FourOf<V>
        where V : unmanaged, IHostVector<V, T>
    {
        public V A, B, C, D;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static FourOf<V> Load(T* source) => new()
        {
            A = V.Load(source),
            B = V.Load(source + V.Count),
            C = V.Load(source + (2 * V.Count)),
            D = V.Load(source + (3 * V.Count)),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(T* destination)
        {
            V.Store(A, destination);
            V.Store(B, destination + V.Count);
            V.Store(C, destination + (2 * V.Count));
            V.Store(D, destination + (3 * V.Count));
        }
    }
}
