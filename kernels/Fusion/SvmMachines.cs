using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Two-class problems over one Gram matrix, each on one thread.</summary>
internal static unsafe class SvmMachines
{
    /// <summary>Solves every problem.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="gram">The Gram matrix of all rows, or a factor of it.</param>
    /// <param name="problems">The problems; the largest first keep threads busy to the end.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="isFactor">Whether the Gram matrix is that of the rows of a factor in float64, rows x rank, which is never multiplied out.</param>
    public static SvmSolution[] Solve<T>(HostEngine engine, MatrixRef<T> gram, IReadOnlyList<SvmProblem> problems, in RunSettings settings, bool isFactor = false)
        where T : unmanaged
    {
        SvmSolution[] solutions = new SvmSolution[problems.Count];
        fixed (T* values = gram)
        {
            SolveCall<T> call = new() { Engine = engine, Gram = gram.At(values), Problems = problems, Solutions = solutions, Settings = settings, IsFactor = isFactor };
            VectorDispatch.Run<double, SolveCall<T>>(engine.Width, ref call);
        }

        settings.Cancellation.ThrowIfCancellationRequested();
        return solutions;
    }

    /// <summary>The decision values of some of the rows of a problem by a machine that was fitted to others.</summary>
    /// <param name="gram">The Gram matrix of all rows.</param>
    /// <param name="rows">The rows of the problem.</param>
    /// <param name="wanted">By row of the problem: whether to decide.</param>
    /// <param name="fitted">The rows that the machine was fitted to.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="decisions">By row of the problem; those that are wanted are written.</param>
    public static void Decide<T>(MatrixRef<T> gram, int[] rows, bool[] wanted, int[] fitted, SvmSolution machine, double[] decisions)
        where T : unmanaged
    {
        fixed (T* values = gram)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                if (!wanted[i]) continue;
                T* row = values + (rows[i] * gram.RowStride);
                double sum = machine.Bias;
                for (int j = 0; j < fitted.Length; j++)
                {
                    if (machine.Coefficients[j] != 0) sum += machine.Coefficients[j] * Element.ToDouble(row[fitted[j] * gram.ColumnStride]);
                }

                decisions[i] = sum;
            }
        }
    }

    private struct SolveCall<T> : IVectorJob<double>
        where T : unmanaged
    {
        public HostEngine Engine;
        public Operand<T> Gram;
        public IReadOnlyList<SvmProblem> Problems;
        public SvmSolution[] Solutions;
        public RunSettings Settings;
        public bool IsFactor;

        public readonly void Run<V>()
            where V : unmanaged, IHostVector<V, double>
        {
            Job<V, T> job = new() { Gram = Gram, Problems = Problems, Solutions = Solutions, Progress = new(Settings, Problems.Count), Cancellation = Settings.Cancellation, IsFactor = IsFactor };
            Engine.Run(ref job, Problems.Count, Settings.Threads);
        }
    }

    private struct Job<V, T> : IParallelJob
        where V : unmanaged, IHostVector<V, double>
        where T : unmanaged
    {
        public Operand<T> Gram;
        public IReadOnlyList<SvmProblem> Problems;
        public SvmSolution[] Solutions;
        public BlockProgress Progress;
        public CancellationToken Cancellation;
        public bool IsFactor;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            SvmProblem problem = Problems[piece];
            SvmRows rows = IsFactor
                ? new SvmFactorRows<V>((Operand<double>)(object)Gram, problem.Rows, V.Count, problem.Ridge)
                : new SvmGramRows<T>(Gram, problem.Rows, V.Count, problem.Ridge);
            Solutions[piece] = new SvmSolver<V>(rows, problem).Solve(Cancellation);
            Progress.Advance();
        }
    }
}
