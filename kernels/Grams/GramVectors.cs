using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>K V without storing K: each tile is multiplied and forgotten.</summary>
internal static unsafe class GramVectors
{
    /// <summary>result = K(x, y) v.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">Shapes and kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features; x again when symmetric.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="nonFinite">What to do with NaN and infinities in x and y.</param>
    /// <param name="v">columns x width, any strides.</param>
    /// <param name="result">rows x width; its columns must be consecutive.</param>
    /// <param name="settings">How to run.</param>
    public static void Multiply<T>(
        Engine engine,
        GramPlan plan,
        MatrixRef<T> x,
        MatrixRef<T> y,
        Operand<T>[] given,
        NonFiniteInput nonFinite,
        MatrixRef<T> v,
        MatrixRef<T> result,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, py = y, pv = v, pr = result)
        {
            GramProblem<T> problem = new(plan, x.At(px), y.At(py), given, nonFinite, settings);
            MultiplyCall<T> call = new() { Problem = problem, Vectors = v.At(pv), Result = result.At(pr) };
            engine.Execute(ref call);
        }
    }

    private struct MultiplyCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public Operand<T> Vectors;
        public Operand<T> Result;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, MultiplyCall<T>>(engine.Width, ref this);
            Problem.Settings.Trace?.Computed(started, Problem.Plan.HostTiles);
        }

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            string operation = Problem.Settings.Operation;
            T* vectors = _host!.Resolve(Vectors, operation), result = _host.Resolve(Result, operation);
            if (Vectors.Columns == 0) return;
            if (Vectors.Rows == 0)
            {
                Clear(result);
                return;
            }

            GramHost<V, T> host = new(_host, Problem, GramOperands<T>.Prepare<V>(_host, Problem));
            if (Vectors.Columns > GramTimesFew<V, T>.MostWidth)
            {
                host.Consume(new GramTimesMany<V, T>(_host, Vectors, vectors, Result, result));
                return;
            }

            GramTimesFew<V, T> few = new(Vectors, vectors, Result.Rows);
            host.Consume(few);
            few.Store(Result, result);
        }

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            if (Result.Rows == 0 || Result.Columns == 0) return;
            if (Vectors.Rows == 0)
            {
                Clear(Result.Pointer);
                return;
            }

            using GramDevice<T> gram = new(engine, Problem);
            MultiplyOn(engine, gram, Vectors, Result, Problem.Settings.Progress);
        }

        /// <summary>Multiplies with all vectors at once; where they and their results find no room beside a tile, with the left and the right half of them.</summary>
        private readonly void MultiplyOn(AcceleratorEngine engine, GramDevice<T> gram, in Operand<T> v, in Operand<T> kv, IProgress<double>? progress)
        {
            try
            {
                using DeviceMatrix<T> vectors = engine.Read(v, Problem.Settings), result = engine.Write(kv, Problem.Settings);
                gram.Consume(new GramTimesOnDevice<T>(engine, vectors, result, Problem.Settings), progress);
                result.Commit();
                return;
            }
            catch (DeviceOutOfMemoryException) when (v.Columns > 1 && (v.Buffer is null || kv.Buffer is null))
            {
                Problem.Settings.Trace?.Retries += 1;
            }

            int half = v.Columns / 2, rest = v.Columns - half;
            MultiplyOn(engine, gram, v.ColumnRange(0, half), kv.ColumnRange(0, half), PartialProgress.Of(progress, 0, v.Columns, half));
            MultiplyOn(engine, gram, v.ColumnRange(half, rest), kv.ColumnRange(half, rest), PartialProgress.Of(progress, half, v.Columns, rest));
        }

        /// <summary>A sum of nothing.</summary>
        private readonly void Clear(T* result)
        {
            for (int i = 0; i < Result.Rows; i++) new Span<T>(result + (i * Result.RowStride), Result.Columns).Clear();
        }
    }
}
