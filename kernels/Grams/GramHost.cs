using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Gram matrices on the host, tile by tile: composed kernels, row sums, and matrices that are consumed instead of stored.</summary>
internal sealed unsafe partial class GramHost<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private readonly HostEngine _engine;
    private readonly GramProblem<T> _problem;
    private readonly GramGeometry<T> _geometry;
    private readonly GramInput<T> _x;
    private readonly GramInput<T> _y;
    private readonly GivenMatrix<T>[] _given;

    /// <summary>Tiles of a prepared problem.</summary>
    public GramHost(HostEngine engine, in GramProblem<T> problem, in GramOperands<T> operands)
    {
        _engine = engine;
        _problem = problem;
        _geometry = operands.Geometry;
        _x = operands.X;
        _y = operands.Y;
        _given = new GivenMatrix<T>[problem.Plan.Program.Uses(GramOpCode.Precomputed) ? problem.Given.Length : 0];
        for (int i = 0; i < _given.Length; i++)
        {
            Operand<T> given = problem.Given[i];
            _given[i] = new(engine.Resolve(given, problem.Settings.Operation), given.RowStride, given.ColumnStride);
        }
    }

    /// <summary>A part of the same problem: another program over rows of its own, against the same columns.</summary>
    private GramHost(GramHost<V, T> whole, GramProgram program, in GramInput<T> rows)
    {
        _engine = whole._engine;
        _geometry = whole._geometry;
        _x = rows;
        _y = whole._y;
        _given = whole._given;
        bool symmetric = rows.Data == _y.Data && rows.Rows == _y.Rows;
        GramPlan plan = whole._problem.Plan;
        _problem = new(
            new GramPlan(program, rows.Rows, _y.Rows, plan.Features, plan.Features, symmetric, sizeof(T)),
            whole._problem.X, whole._problem.Y, whole._problem.Given, whole._problem.NonFinite, whole._problem.Settings);
    }

    private int Threads => _problem.Settings.Threads;
}
