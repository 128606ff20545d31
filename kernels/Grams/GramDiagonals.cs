using System.Diagnostics;
using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The diagonal of a symmetric Gram matrix alone.</summary>
internal static unsafe class GramDiagonals
{
    /// <summary>k(x, x) of every row.</summary>
    public static double[] Compute<T>(
        Engine engine, GramPlan plan, MatrixRef<T> x, Operand<T>[] given, NonFiniteInput nonFinite, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* px = x)
        {
            DiagonalCall<T> call = new() { Problem = new(plan, x.At(px), x.At(px), given, nonFinite, settings) };
            engine.Execute(ref call);
            return call.Values!;
        }
    }

    private struct DiagonalCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public double[]? Values;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            long started = Stopwatch.GetTimestamp();
            VectorDispatch.Run<T, DiagonalCall<T>>(engine.Width, ref this);
            Problem.Settings.Trace?.Computed(started, 1);
        }

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T> =>
            Values = new GramHost<V, T>(_host!, Problem, GramOperands<T>.Prepare<V>(_host!, Problem)).Diagonal();

        public void OnAccelerator(AcceleratorEngine engine)
        {
            using GramDevice<T> gram = new(engine, Problem);
            Values = gram.Diagonal();
        }
    }
}
