using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The entry of the Gram family: takes a plan, runs it on an engine.</summary>
internal static unsafe class Grams
{
    /// <summary>Computes the matrix.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">Shapes and kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features; x again when symmetric.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="result">rows x columns; columns must be consecutive.</param>
    /// <param name="nonFinite">What to do with NaN and infinities.</param>
    /// <param name="rowSums">Receives the sum of every row, in float64, in the same pass; null when nobody asks.</param>
    /// <param name="settings">How to run.</param>
    public static void Compute<T>(
        Engine engine, GramPlan plan, MatrixRef<T> x, MatrixRef<T> y, Operand<T>[] given, MatrixRef<T> result, NonFiniteInput nonFinite, double[]? rowSums, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x, py = y, pr = result)
        {
            GramProblem<T> problem = new(plan, x.At(px), y.At(py), given, nonFinite, settings);
            StoreCall<T> call = new() { Problem = problem, Result = result.At(pr), RowSums = rowSums };
            engine.Execute(ref call);
        }
    }

    private struct StoreCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public Operand<T> Result;
        public double[]? RowSums;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, StoreCall<T>>(engine.Width, ref this);
            Problem.Settings.Trace?.Computed(started, Problem.Plan.HostTiles);
        }

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            GramOperands<T> operands = GramOperands<T>.Prepare<V>(_host!, Problem);
            T* values = _host!.Resolve(Result, Problem.Settings.Operation);
            if (RowSums is null && Problem.Plan.Program.Single is { } single)
            {
                GramStatistic<T> statistic = operands.Statistics[0];
                TiledProduct<T> product = statistic.Product(operands.X, 0, operands.X.Rows, operands.Y, 0, operands.Y.Rows, values, Result.RowStride);
                product.Symmetric = operands.Symmetric;
                GramFusedHost<T>.Run(_host, single, product, statistic.Direct, Problem.Settings);
            }
            else
            {
                new GramHost<V, T>(_host, Problem, operands).StoreTiles(values, Result.RowStride, RowSums);
            }
        }

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            using GramDevice<T> gram = new(engine, Problem);
            gram.Store(Result, RowSums);
        }
    }
}
