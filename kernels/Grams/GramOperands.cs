using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>The operands of a Gram computation, checked, with what the kernels read per row.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct GramOperands<T>
    where T : unmanaged
{
    /// <summary>Rows.</summary>
    public GramInput<T> X;

    /// <summary>Columns.</summary>
    public GramInput<T> Y;

    /// <summary>How distances are formed.</summary>
    public GramGeometry<T> Geometry;

    /// <summary>Checks and prepares the operands on the host; their per-row values live in this thread's scratch memory.</summary>
    /// <exception cref="ArgumentException">The input holds a value that the kernel or the caller does not admit; its row and column are named.</exception>
    /// <exception cref="NumericalException">A row's norm leaves the range of the type where the kernel needs it.</exception>
    public static unsafe GramOperands<T> Prepare<V>(HostEngine engine, in GramProblem<T> problem)
        where V : unmanaged, IHostVector<V, T>
    {
        GramPlan plan = problem.Plan;
        GramOperands<T> operands = default;
        operands.X = Input(engine, problem, problem.X, ScratchSlot.RowValues, ScratchSlot.RowInverseNorms);
        operands.Y = plan.Symmetric ? operands.X : Input(engine, problem, problem.Y, ScratchSlot.ColumnValues, ScratchSlot.ColumnInverseNorms);
        operands.Geometry = new() { Depth = plan.Features, Direct = plan.Features <= GramPlan.DirectFeatures };
        operands.CheckElements<V>(problem);
        if (plan.Program.Uses(PairStatistic.SineSquared))
        {
            operands.Geometry.Origin = Scratch.Get<T>(ScratchSlot.Origin, plan.Features);
            new Span<T>(operands.Geometry.Origin, plan.Features).Clear();
        }

        if (plan.Program.Uses(PairStatistic.Dot)) operands.PrepareDots<V>(engine, problem);
        if (plan.Program.Uses(PairStatistic.SquaredDistance) && !operands.Geometry.Direct) operands.PrepareDistances<V>(engine, problem);
        return operands;
    }

    private static unsafe GramInput<T> Input(
        HostEngine engine, in GramProblem<T> problem, in Operand<T> operand, ScratchSlot norms, ScratchSlot inverseNorms) => new()
    {
        Data = engine.Resolve(operand, problem.Settings.Operation),
        Rows = operand.Rows,
        RowStride = operand.RowStride,
        FeatureStride = operand.ColumnStride,
        SquaredNorms = problem.Plan.Program.Uses(PairStatistic.SquaredDistance) ? Scratch.Get<T>(norms, operand.Rows) : null,
        InverseNorms = problem.Plan.Program.Uses(PairStatistic.Dot) ? Scratch.Get<T>(inverseNorms, operand.Rows) : null,
    };

    private readonly void CheckElements<V>(in GramProblem<T> problem)
        where V : unmanaged, IHostVector<V, T>
    {
        int depth = problem.Plan.Features;
                if (problem.NonFinite == NonFiniteInput.Reject && (Geometry.Direct || !NormsTell(problem.Plan.Program)))
        {
            GramChecks.Finite("x", GramRowsHost<V, T>.FirstNonFinite(X, depth));
            if (!problem.Plan.Symmetric) GramChecks.Finite("y", GramRowsHost<V, T>.FirstNonFinite(Y, depth));
        }

        if (!problem.Plan.Program.Uses(PairStatistic.ChiSquared)) return;
        GramChecks.NotNegative("x", GramRowsHost<V, T>.FirstNegative(X, depth));
        if (!problem.Plan.Symmetric) GramChecks.NotNegative("y", GramRowsHost<V, T>.FirstNegative(Y, depth));
    }

    /// <summary>Whether every element enters a norm, which then tells whether all are finite.</summary>
    private static bool NormsTell(GramProgram program) => program.Uses(PairStatistic.Dot) || program.Uses(PairStatistic.SquaredDistance);

    /// <summary>Norms of the rows as they are: a finite norm bounds every dot product, so that no sum overflows on its way.</summary>
    private readonly void PrepareDots<V>(HostEngine engine, in GramProblem<T> problem)
        where V : unmanaged, IHostVector<V, T>
    {
        Invert<V>(engine, problem, X, "x");
        if (!problem.Plan.Symmetric) Invert<V>(engine, problem, Y, "y");
    }

    private readonly unsafe void Invert<V>(HostEngine engine, in GramProblem<T> problem, in GramInput<T> input, string name)
        where V : unmanaged, IHostVector<V, T>
    {
        GramRowsHost<V, T>.SquaredNorms(engine, input, Geometry.Depth, null, input.InverseNorms, problem.Settings.Threads);
        for (int i = 0; i < input.Rows; i++)
        {
            double norm = Element.ToDouble(input.InverseNorms[i]);
            if (!double.IsFinite(norm) && problem.NonFinite == NonFiniteInput.Reject)
            {
                GramChecks.Finite(name, GramRowsHost<V, T>.FirstNonFinite(input, Geometry.Depth));
                throw GramChecks.NormOverflow<T>(problem.Settings.Operation, name, i);
            }

            input.InverseNorms[i] = Element.Of<T>(norm == 0 ? 0 : 1 / Math.Sqrt(norm));
        }
    }

    /// <summary>Norms around the centre; where one leaves the range of the type, distances are summed directly instead.</summary>
    private unsafe void PrepareDistances<V>(HostEngine engine, in GramProblem<T> problem)
        where V : unmanaged, IHostVector<V, T>
    {
        Geometry.Centre = Scratch.Get<T>(ScratchSlot.Centre, Geometry.Depth);
        GramRowsHost<V, T>.Centre(X, Geometry.Depth, Geometry.Centre);
        bool overflow = NormsOverflow<V>(engine, problem, X, "x");
        if (!problem.Plan.Symmetric) overflow |= NormsOverflow<V>(engine, problem, Y, "y");
        Geometry.Direct |= overflow;
    }

    private readonly unsafe bool NormsOverflow<V>(HostEngine engine, in GramProblem<T> problem, in GramInput<T> input, string name)
        where V : unmanaged, IHostVector<V, T>
    {
        GramRowsHost<V, T>.SquaredNorms(engine, input, Geometry.Depth, Geometry.Centre, input.SquaredNorms, problem.Settings.Threads);
        if (problem.NonFinite == NonFiniteInput.Propagate) return false;
        for (int i = 0; i < input.Rows; i++)
        {
            if (double.IsFinite(Element.ToDouble(input.SquaredNorms[i]))) continue;
            GramChecks.Finite(name, GramRowsHost<V, T>.FirstNonFinite(input, Geometry.Depth));
            return true;
        }

        return false;
    }
}
