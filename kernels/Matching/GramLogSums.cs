using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>One pass of Sinkhorn over scores that are a Gram matrix, computed tile by tile and forgotten.</summary>
internal static unsafe class GramLogSums
{
    /// <summary>Computes log of the sum over j of exp(potential(j) + factor k(i, j)) for every row i.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plan">Shapes and kernel.</param>
    /// <param name="x">rows x features.</param>
    /// <param name="y">columns x features.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="potentials">One for each column.</param>
    /// <param name="factor">Factor of the kernel.</param>
    /// <param name="logSums">Receives one for each row.</param>
    /// <param name="settings">How to run.</param>
    public static void Compute<T>(
        Engine engine,
        GramPlan plan,
        MatrixRef<T> x,
        MatrixRef<T> y,
        Operand<T>[] given,
        ReadOnlySpan<double> potentials,
        double factor,
        Span<double> logSums,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        double[] results = new double[plan.Rows];
        fixed (T* px = x, py = y)
        {
            GramProblem<T> problem = new(plan, x.At(px), y.At(py), given, NonFiniteInput.Reject, settings);
            PassCall<T> call = new() { Problem = problem, Potentials = potentials.ToArray(), Factor = factor, LogSums = results };
            engine.Execute(ref call);
        }

        results.CopyTo(logSums);
    }

    private struct PassCall<T> : IEngineCall, IVectorJob<T>
        where T : unmanaged, INumberBase<T>
    {
        public GramProblem<T> Problem;
        public double[] Potentials;
        public double Factor;
        public double[] LogSums;
        private HostEngine? _host;

        public readonly string Operation => Problem.Settings.Operation;

        public void OnHost(HostEngine engine)
        {
            _host = engine;
            VectorDispatch.Run<T, PassCall<T>>(engine.Width, ref this);
        }

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            double[] maxima = new double[LogSums.Length], sums = new double[LogSums.Length];
            Array.Fill(maxima, Element.ToDouble(LogSum.None<T>()));
            fixed (T* potentials = LogSum.Padded<T>(Potentials))
            fixed (double* m = maxima, s = sums)
            {
                GramHost<V, T> host = new(_host!, Problem, GramOperands<T>.Prepare<V>(_host!, Problem));
                host.Consume(new LogSumRows<V, T>(potentials, Element.Of<T>(Factor), m, s));
            }

            for (int i = 0; i < sums.Length; i++) LogSums[i] = LogSum.Log(maxima[i], sums[i]);
        }

        public readonly void OnAccelerator(AcceleratorEngine engine)
        {
            using GramDevice<T> gram = new(engine, Problem);
            using LogSumState<T> state = new(engine, Potentials, LogSums.Length, Problem.Settings.Operation);
            gram.Consume(new LogSumOnDevice<T>(engine, state, Factor, Problem.Settings with { Progress = null }), Problem.Settings.Progress);
            engine.Synchronize(Problem.Settings.Trace);
            state.Finish(LogSums);
        }
    }
}
