using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Gram matrices on the host, tile by tile: composed kernels, row sums, and matrices that are consumed instead of stored.</summary>
internal sealed unsafe partial class GramHost<V, T> : IGramParts<T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private readonly HostEngine _engine;
    private readonly GramProblem<T> _problem;
    private readonly GramOperands<T> _operands;
    private readonly GivenMatrix<T>[] _given;

    // What _operands points to: an array on the pinned heap, which lives as long as this.
    private readonly GramStatistic<T>[] _statistics;

    /// <summary>Tiles of a prepared problem.</summary>
    public GramHost(HostEngine engine, in GramProblem<T> problem, in GramOperands<T> operands)
    {
        _engine = engine;
        _problem = problem;
        _statistics = Pinned(problem.Plan.Program.Statistics.Length);
        for (int s = 0; s < problem.Plan.Program.Statistics.Length; s++) _statistics[s] = operands.Statistics[s];
        _operands = operands;
        _operands.Statistics = Address(_statistics);
        _given = new GivenMatrix<T>[problem.Plan.Program.Uses(GramOpCode.Precomputed) ? problem.Given.Length : 0];
        for (int i = 0; i < _given.Length; i++)
        {
            Operand<T> given = problem.Given[i];
            _given[i] = new(engine.Resolve(given, problem.Settings.Operation), given.RowStride, given.ColumnStride);
        }
    }

    /// <summary>A part of the same problem: another program, the rows of x or of y against the same columns; progress is the whole's to tell.</summary>
    private GramHost(GramHost<V, T> whole, GramProgram program, bool ofColumns)
    {
        GramPlan plan = whole._problem.Plan;
        GramProblem<T> problem = whole._problem;
        bool symmetric = plan.Symmetric || ofColumns;
        Operand<T> rows = ofColumns ? problem.Y : problem.X;
        _engine = whole._engine;
        _given = whole._given;
        _problem = new(
            new GramPlan(program, rows.Rows, plan.Columns, plan.Features, plan.Features, symmetric, sizeof(T)),
            rows, problem.Y, problem.Given, problem.NonFinite, problem.Settings with { Progress = null });
        _statistics = Select(whole, program, ofColumns);
        _operands = whole._operands;
        _operands.Statistics = Address(_statistics);
        _operands.Symmetric = symmetric;
        if (ofColumns) _operands.X = _operands.Y;
    }

    private int Threads => _problem.Settings.Threads;

    /// <summary>The statistics of a part's program among those of the whole's.</summary>
    private static GramStatistic<T>[] Select(GramHost<V, T> whole, GramProgram program, bool ofColumns)
    {
        GramStatistic<T>[] selected = Pinned(program.Statistics.Length);
        GramProgram all = whole._problem.Plan.Program;
        ImmutableArray<int> positions = GramStatistics.IndexOf(all.Statistics, program.Statistics);
        for (int s = 0; s < program.Statistics.Length; s++)
        {
            selected[s] = whole._statistics[positions[s]];
            if (ofColumns) selected[s].RowValues = selected[s].ColumnValues;
        }

        return selected;
    }

    private static GramStatistic<T>[] Pinned(int count) => GC.AllocateArray<GramStatistic<T>>(Math.Max(1, count), pinned: true);

    private static GramStatistic<T>* Address(GramStatistic<T>[] statistics) => (GramStatistic<T>*)Unsafe.AsPointer(ref statistics[0]);
}
