using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The most similar columns of every row, without storing the matrix.</summary>
internal static unsafe class GramNearest
{
    /// <summary>Finds the <paramref name="count"/> largest values of every row.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">Shapes and kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features; x again when symmetric.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="nonFinite">What to do with NaN and infinities in x and y.</param>
    /// <param name="count">Neighbours of a row.</param>
    /// <param name="excludeSelf">Whether column i is no neighbour of row i.</param>
    /// <param name="indices">rows x count; receives columns, or -1 where a row has too few values that compare.</param>
    /// <param name="values">rows x count; receives the values, in descending order, or NaN.</param>
    /// <param name="settings">How to run.</param>
    public static void Find<T>(
        Engine engine,
        GramPlan plan,
        MatrixRef<T> x,
        MatrixRef<T> y,
        Operand<T>[] given,
        NonFiniteInput nonFinite,
        int count,
        bool excludeSelf,
        Span<int> indices,
        Span<T> values,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        indices.Fill(-1);
        values.Fill(Element.Of<T>(double.NaN));
        fixed (T* px = x, py = y, pv = values)
        fixed (int* pi = indices)
        {
            GramProblem<T> problem = new(plan, x.At(px), y.At(py), given, nonFinite, settings);
            FindCall<T> call = new() { Problem = problem, Count = count, ExcludeSelf = excludeSelf, Indices = pi, Values = pv };
            engine.Execute(ref call);
        }
    }

    private struct FindCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public int Count;
        public bool ExcludeSelf;
        public int* Indices;
        public T* Values;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, FindCall<T>>(engine.Width, ref this);
            Problem.Settings.Trace?.Computed(started, Problem.Plan.HostTiles);
        }

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            if (Count == 0) return;
            GramHost<V, T> host = new(_host!, Problem, GramOperands<T>.Prepare<V>(_host!, Problem));
            host.Consume(new NearestColumns<V, T>(Count, ExcludeSelf, Indices, Values));
        }

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            if (Count == 0) return;
            using GramDevice<T> gram = new(engine, Problem);
            gram.Consume(new NearestOnHost<T>(engine, Count, ExcludeSelf, Indices, Values), Problem.Settings.Progress);
        }
    }
}
