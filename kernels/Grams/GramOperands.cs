using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The operands of a Gram computation, checked, with their statistics ready to be summed; all in this thread's scratch memory.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct GramOperands<T>
    where T : unmanaged
{
    /// <summary>Rows.</summary>
    public GramInput<T> X;

    /// <summary>Columns.</summary>
    public GramInput<T> Y;

    /// <summary>The program's statistics, in its order.</summary>
    public GramStatistic<T>* Statistics;

    /// <summary>Whether X and Y are one operand.</summary>
    public bool Symmetric;

    /// <summary>Checks and prepares the operands on the host.</summary>
    /// <exception cref="ArgumentException">The input holds a value that the kernel or the caller does not admit; its row and column are named.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, leaves the range of the type.</exception>
    public static GramOperands<T> Prepare<V>(HostEngine engine, in GramProblem<T> problem)
        where V : unmanaged, IHostVector<V, T>
    {
        GramPlan plan = problem.Plan;
        string operation = problem.Settings.Operation;
        GramOperands<T> operands = default;
        operands.X = new(engine.Resolve(problem.X, operation), problem.X.Rows, problem.X.RowStride, problem.X.ColumnStride);
        operands.Y = plan.Symmetric ? operands.X : new(engine.Resolve(problem.Y, operation), problem.Y.Rows, problem.Y.RowStride, problem.Y.ColumnStride);
        operands.Symmetric = plan.Symmetric;
        int count = plan.Program.Statistics.Length;
        operands.Statistics = (GramStatistic<T>*)Scratch.Get<byte>(ScratchSlot.Statistics, count * sizeof(GramStatistic<T>));
        T* centres = Scratch.Get<T>(ScratchSlot.Centre, (nint)count * plan.Features);
        T* rowValues = Scratch.Get<T>(ScratchSlot.RowValues, (nint)count * plan.Rows);
        T* columnValues = plan.Symmetric ? rowValues : Scratch.Get<T>(ScratchSlot.ColumnValues, (nint)count * plan.Columns);
        for (int s = 0; s < count; s++)
        {
            operands.Statistics[s] = new()
            {
                Kernel = plan.Program.Statistics[s],
                Centre = centres + ((nint)s * plan.Features),
                Scale = Element.Of<T>(1),
                RowValues = rowValues + ((nint)s * plan.Rows),
                ColumnValues = columnValues + ((nint)s * plan.Columns),
            };
            operands.Prepare<V>(engine, problem, ref operands.Statistics[s]);
        }

        if (problem.NonFinite == NonFiniteInput.Reject && GramRange.IsNeeded(plan.Program)) operands.CheckRange(problem);
        return operands;
    }

    private readonly void Prepare<V>(HostEngine engine, in GramProblem<T> problem, ref GramStatistic<T> statistic)
        where V : unmanaged, IHostVector<V, T>
    {
        switch (statistic.Statistic)
        {
            case PairStatistic.Dot:
                statistic.Centre = null;
                InvertNorms<V>(engine, problem, X, "x", statistic.Kernel, statistic.RowValues);
                if (!Symmetric) InvertNorms<V>(engine, problem, Y, "y", statistic.Kernel, statistic.ColumnValues);
                if (GramRange.IsNeeded(problem.Plan.Program)) statistic.Norms = GramNorms.OfInverse<T>(new(statistic.RowValues, X.Rows), new(statistic.ColumnValues, Y.Rows));
                break;
            case PairStatistic.SquaredDistance when statistic.Kernel.Features > GramPlan.DirectFeatures:
                GramRowsHost<V, T>.Centre(X.FromFeature(statistic.Kernel.First), statistic.Kernel.Features, statistic.Centre);
                statistic.Direct = Norms<V>(engine, problem, X, "x", statistic, statistic.RowValues);
                if (!Symmetric) statistic.Direct |= Norms<V>(engine, problem, Y, "y", statistic, statistic.ColumnValues);
                break;
            case PairStatistic.SineSquared:
                new Span<T>(statistic.Centre, statistic.Kernel.Features).Clear();
                statistic.Scale = Element.Of<T>(statistic.Kernel.B);
                statistic.RowValues = statistic.ColumnValues = null;
                CheckFinite<V>(problem, statistic.Kernel);
                CheckBounded<V>(problem, statistic.Kernel, statistic.Kernel.B);
                break;
            default:
                statistic.Direct = statistic.Statistic == PairStatistic.SquaredDistance;
                statistic.Centre = null;
                CheckFinite<V>(problem, statistic.Kernel);
                if (statistic.Statistic == PairStatistic.ChiSquared) CheckHistograms<V>(engine, problem, ref statistic);
                statistic.RowValues = statistic.ColumnValues = null;
                break;
        }
    }

    /// <summary>Checks that no step of the program leaves the range of the type.</summary>
    private readonly void CheckRange(in GramProblem<T> problem)
    {
        GramProgram program = problem.Plan.Program;
        int count = program.Statistics.Length;
        Span<GramNorms> norms = count <= 16 ? stackalloc GramNorms[count] : new GramNorms[count];
        for (int s = 0; s < count; s++) norms[s] = Statistics[s].Norms;
        GramRange.Check<T>(program, norms, problem.Settings.Operation);
    }

    private readonly void CheckFinite<V>(in GramProblem<T> problem, in GramOp kernel)
        where V : unmanaged, IHostVector<V, T>
    {
        if (problem.NonFinite == NonFiniteInput.Propagate) return;
        RejectNonFinite<V>(X, "x", kernel);
        if (!Symmetric) RejectNonFinite<V>(Y, "y", kernel);
    }

    private static void RejectNonFinite<V>(in GramInput<T> input, string name, in GramOp kernel)
        where V : unmanaged, IHostVector<V, T> =>
        GramChecks.Finite(name, GramRowsHost<V, T>.FirstNonFinite(input.FromFeature(kernel.First), kernel.Features), kernel.First);

    /// <summary>Checks that features, times a factor, are at most half the range, so that two of them can be added and subtracted.</summary>
    private readonly void CheckBounded<V>(in GramProblem<T> problem, in GramOp kernel, double factor)
        where V : unmanaged, IHostVector<V, T>
    {
        double limit = GramChecks.LargestFeature<T>(factor);
        if (problem.NonFinite == NonFiniteInput.Propagate || limit >= Element.Largest<T>()) return;
        GramChecks.Bounded<T>(problem.Settings.Operation, "x", GramRowsHost<V, T>.FirstBeyond(X.FromFeature(kernel.First), kernel.Features, limit), kernel);
        if (!Symmetric) GramChecks.Bounded<T>(problem.Settings.Operation, "y", GramRowsHost<V, T>.FirstBeyond(Y.FromFeature(kernel.First), kernel.Features, limit), kernel);
    }

    private readonly void CheckHistograms<V>(HostEngine engine, in GramProblem<T> problem, ref GramStatistic<T> statistic)
        where V : unmanaged, IHostVector<V, T>
    {
        CheckNotNegative<V>(statistic.Kernel);
        CheckBounded<V>(problem, statistic.Kernel, 1);
        if (!GramRange.ReadsHistograms(problem.Plan.Program)) return;
        Norms<V>(engine, problem, X, "x", statistic, statistic.RowValues);
        if (!Symmetric) Norms<V>(engine, problem, Y, "y", statistic, statistic.ColumnValues);
        statistic.Norms = GramNorms.OfSquared<T>(new(statistic.RowValues, X.Rows), new(statistic.ColumnValues, Y.Rows));
    }

    private readonly void CheckNotNegative<V>(in GramOp kernel)
        where V : unmanaged, IHostVector<V, T>
    {
        GramChecks.NotNegative("x", GramRowsHost<V, T>.FirstNegative(X.FromFeature(kernel.First), kernel.Features), kernel.First);
        if (!Symmetric) GramChecks.NotNegative("y", GramRowsHost<V, T>.FirstNegative(Y.FromFeature(kernel.First), kernel.Features), kernel.First);
    }

    /// <summary>Reciprocal norms of the rows as they are. A finite norm bounds every dot product, so that no sum overflows on its way.</summary>
    private static void InvertNorms<V>(HostEngine engine, in GramProblem<T> problem, in GramInput<T> input, string name, in GramOp kernel, T* values)
        where V : unmanaged, IHostVector<V, T>
    {
        GramRowsHost<V, T>.SquaredNorms(engine, input.FromFeature(kernel.First), kernel.Features, null, values, problem.Settings.Threads);
        bool divides = GramChecks.DividesByNorms(problem.Plan.Program, kernel);
        for (int i = 0; i < input.Rows; i++)
        {
            double norm = Element.ToDouble(values[i]);
            if (divides && norm < GramChecks.SmallestNorm<T>() && !GramRowsHost<V, T>.IsZero(input.FromFeature(kernel.First), i, kernel.Features))
            {
                throw GramChecks.NormUnderflow<T>(problem.Settings.Operation, name, i);
            }

            if (!double.IsFinite(norm) && problem.NonFinite == NonFiniteInput.Reject)
            {
                RejectNonFinite<V>(input, name, kernel);
                throw GramChecks.NormOverflow<T>(problem.Settings.Operation, name, i);
            }

            values[i] = Element.Of<T>(norm == 0 ? 0 : 1 / Math.Sqrt(norm));
        }
    }

    /// <summary>Squared norms around the centre; true where one leaves the range of the type, and distances must be summed directly.</summary>
    private static bool Norms<V>(
        HostEngine engine, in GramProblem<T> problem, in GramInput<T> input, string name, in GramStatistic<T> statistic, T* values)
        where V : unmanaged, IHostVector<V, T>
    {
        GramOp kernel = statistic.Kernel;
        GramRowsHost<V, T>.SquaredNorms(engine, input.FromFeature(kernel.First), kernel.Features, statistic.Centre, values, problem.Settings.Threads);
        if (problem.NonFinite == NonFiniteInput.Propagate) return false;
        for (int i = 0; i < input.Rows; i++)
        {
            if (double.IsFinite(Element.ToDouble(values[i]))) continue;
            RejectNonFinite<V>(input, name, kernel);
            return true;
        }

        return false;
    }
}
