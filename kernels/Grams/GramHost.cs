using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Gram matrices on the host: a single kernel fused into one tiled product, composed kernels tile by tile.</summary>
internal sealed unsafe partial class GramHost<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private readonly HostEngine _engine;
    private readonly GramProblem<T> _problem;
    private GramGeometry<T> _geometry;
    private readonly GramInput<T> _x;
    private readonly GramInput<T> _y;
    private readonly GivenMatrix<T>[] _given;

    /// <summary>Checks the operands and computes what the kernels read per row.</summary>
    /// <exception cref="ArgumentException">The input holds a value that the kernel or the caller does not admit; its row and column are named.</exception>
    /// <exception cref="NumericalException">A row's norm leaves the range of the type where the kernel needs it.</exception>
    public GramHost(HostEngine engine, GramProblem<T> problem)
    {
        _engine = engine;
        _problem = problem;
        GramPlan plan = problem.Plan;
        _x = Input(problem.X, ScratchSlot.RowValues, ScratchSlot.RowInverseNorms);
        _y = plan.Symmetric ? _x : Input(problem.Y, ScratchSlot.ColumnValues, ScratchSlot.ColumnInverseNorms);
        _given = plan.Program.Uses(GramOpCode.Precomputed)
            ? [.. problem.Given.Select(g => new GivenMatrix<T>(engine.Resolve(g, problem.Settings.Operation), g.RowStride, g.ColumnStride))]
            : [];
        _geometry = new() { Depth = plan.Features, Direct = plan.Features <= GramPlan.DirectFeatures };
        CheckElements();
        if (plan.Program.Uses(PairStatistic.SineSquared))
        {
            _geometry.Origin = Scratch.Get<T>(ScratchSlot.Origin, plan.Features);
            new Span<T>(_geometry.Origin, plan.Features).Clear();
        }

        if (plan.Program.Uses(PairStatistic.Dot)) PrepareDots();
        if (plan.Program.Uses(PairStatistic.SquaredDistance) && !_geometry.Direct) PrepareDistances();
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

    /// <summary>Computes the matrix, and its row sums where <paramref name="rowSums"/> is not null.</summary>
    public void Store(in Operand<T> result, double[]? rowSums)
    {
        T* values = _engine.Resolve(result, _problem.Settings.Operation);
        if (rowSums is null && _problem.Plan.Program.Single is { } single)
        {
            FusedMatrix whole = new()
            {
                Engine = _engine,
                Product = _geometry.Product(_x, _y, single.Code, values, result.RowStride, _problem.Plan.Symmetric),
                Direct = _geometry.IsDirect(single.Code),
                Settings = _problem.Settings,
            };
            _geometry.Scale(ref whole.Product, single);
            KernelFunctions.Dispatch<T, FusedMatrix>(single, ref whole);
            return;
        }

        StoreTiles(values, result.RowStride, rowSums);
    }

    private GramInput<T> Input(in Operand<T> operand, ScratchSlot norms, ScratchSlot inverseNorms) => new()
    {
        Data = _engine.Resolve(operand, _problem.Settings.Operation),
        Rows = operand.Rows,
        RowStride = operand.RowStride,
        FeatureStride = operand.ColumnStride,
        SquaredNorms = _problem.Plan.Program.Uses(PairStatistic.SquaredDistance) ? Scratch.Get<T>(norms, operand.Rows) : null,
        InverseNorms = _problem.Plan.Program.Uses(PairStatistic.Dot) ? Scratch.Get<T>(inverseNorms, operand.Rows) : null,
    };

    private void CheckElements()
    {
        int depth = _problem.Plan.Features;
        bool normsTellNonFinite = !_problem.Plan.Program.Ops.Any(op => op.IsKernel && KernelFunctions.RowValueOf(op.Code) == RowValue.None);
        if (_problem.NonFinite == NonFiniteInput.Reject && (!normsTellNonFinite || _geometry.Direct))
        {
            GramChecks.Finite("x", GramRowsHost<V, T>.FirstNonFinite(_x, depth));
            if (!_problem.Plan.Symmetric) GramChecks.Finite("y", GramRowsHost<V, T>.FirstNonFinite(_y, depth));
        }

        if (!_problem.Plan.Program.Uses(PairStatistic.ChiSquared)) return;
        GramChecks.NotNegative("x", GramRowsHost<V, T>.FirstNegative(_x, depth));
        if (!_problem.Plan.Symmetric) GramChecks.NotNegative("y", GramRowsHost<V, T>.FirstNegative(_y, depth));
    }

    /// <summary>Norms of the rows as they are: a finite norm bounds every dot product, so that no sum overflows on its way.</summary>
    private void PrepareDots()
    {
        Invert(_x, "x");
        if (!_problem.Plan.Symmetric) Invert(_y, "y");
    }

    private void Invert(in GramInput<T> input, string name)
    {
        GramRowsHost<V, T>.SquaredNorms(_engine, input, _geometry.Depth, null, input.InverseNorms, Threads);
        for (int i = 0; i < input.Rows; i++)
        {
            double norm = Element.ToDouble(input.InverseNorms[i]);
            if (!double.IsFinite(norm) && _problem.NonFinite == NonFiniteInput.Reject)
            {
                GramChecks.Finite(name, GramRowsHost<V, T>.FirstNonFinite(input, _geometry.Depth));
                throw GramChecks.NormOverflow<T>(_problem.Settings.Operation, name, i);
            }

            input.InverseNorms[i] = Element.Of<T>(norm == 0 ? 0 : 1 / Math.Sqrt(norm));
        }
    }

    /// <summary>Norms around the centre; where one leaves the range of the type, distances are summed directly instead.</summary>
    private void PrepareDistances()
    {
        _geometry.Centre = Scratch.Get<T>(ScratchSlot.Centre, _geometry.Depth);
        GramRowsHost<V, T>.Centre(_x, _geometry.Depth, _geometry.Centre);
        bool overflow = NormsOverflow(_x, "x");
        if (!_problem.Plan.Symmetric) overflow |= NormsOverflow(_y, "y");
        _geometry.Direct |= overflow;
    }

    private bool NormsOverflow(in GramInput<T> input, string name)
    {
        GramRowsHost<V, T>.SquaredNorms(_engine, input, _geometry.Depth, _geometry.Centre, input.SquaredNorms, Threads);
        if (_problem.NonFinite == NonFiniteInput.Propagate) return false;
        for (int i = 0; i < input.Rows; i++)
        {
            if (double.IsFinite(Element.ToDouble(input.SquaredNorms[i]))) continue;
            GramChecks.Finite(name, GramRowsHost<V, T>.FirstNonFinite(input, _geometry.Depth));
            return true;
        }

        return false;
    }

    /// <summary>The whole matrix of one kernel.</summary>
    private struct FusedMatrix : IKernelFunctionJob<T>
    {
        public HostEngine Engine;
        public TiledProduct<T> Product;
        public bool Direct;
        public RunSettings Settings;

        public readonly void Run<TTerm, TFunction>(TFunction function)
            where TTerm : unmanaged, IPairTerm<T>
            where TFunction : unmanaged, ITileFunction<T>
        {
            if (Direct) TiledProductHost.Run<T, SquaredDifferenceTerm<T>, OfSum<T, TFunction>>(Engine, Product, new(function), Settings);
            else TiledProductHost.Run<T, TTerm, TFunction>(Engine, Product, function, Settings);
        }
    }
}
