using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>The least total cost of assigning every row to a column of its own, with dual values that prove it.</summary>
/// <remarks>
/// Augmenting row reduction (Jonker and Volgenant 1987), then for every row that is left a shortest augmenting path over reduced
/// costs (Crouse 2016). Duals are u(i) + v(j) &lt;= cost(i, j), equal on the assignment; v &lt;= 0, and 0 on columns left over.
/// Serial, by rows in order and ties by column, free ones first: one answer at every width of the vector.
/// </remarks>
internal sealed unsafe partial class AssignmentSolver
{
    /// <summary>Row scans of the reduction for each row: auctions of many equal bidders would go on for long, and paths end them.</summary>
    private const int ReductionScans = 8;

    private readonly AssignmentProblem _problem;
    private readonly RunSettings _settings;
    private readonly int[] _columnOfRow;
    private readonly int[] _rowOfColumn;
    private readonly double[] _rowDuals;

    // By column, in whole vectors on the pinned heap.
    private readonly double[] _columnDuals;
    private readonly double[] _taken;
    private readonly double[] _distances;
    private readonly double[] _from;
    private readonly double[] _settledDistances;
    private readonly int[] _settled;

    private AssignmentSolver(AssignmentProblem problem, in RunSettings settings)
    {
        (_problem, _settings) = (problem, settings);
        _columnOfRow = new int[problem.Rows];
        _rowOfColumn = new int[problem.Columns];
        _rowDuals = new double[problem.Rows];
        _columnDuals = OfColumns();
        _taken = OfColumns();
        _distances = OfColumns();
        _from = OfColumns();
        _settledDistances = new double[problem.Columns];
        _settled = new int[problem.Columns];
        Array.Fill(_columnOfRow, -1);
        Array.Fill(_rowOfColumn, -1);

        double[] OfColumns() => GC.AllocateArray<double>(Math.Max(1, problem.Stride), pinned: true);
    }

    /// <summary>By row: its column.</summary>
    public int[] ColumnOfRow => _columnOfRow;

    /// <summary>By row: its dual value.</summary>
    public double[] RowDuals => _rowDuals;

    /// <summary>By column: its dual value; may be longer than there are columns.</summary>
    public double[] ColumnDuals => _columnDuals;

    /// <summary>Solves a problem.</summary>
    /// <param name="width">The vector's width.</param>
    /// <param name="problem">The costs.</param>
    /// <param name="settings">How to run; cancels between rows.</param>
    /// <param name="stuck">A row that no complete assignment has room for; -1 where all are assigned.</param>
    public static AssignmentSolver Solve(SimdWidth width, AssignmentProblem problem, in RunSettings settings, out int stuck)
    {
        AssignmentSolver solver = new(problem, settings);
        SolveJob job = new() { Solver = solver, Stuck = -1 };
        VectorDispatch.Run<double, SolveJob>(width, ref job);
        stuck = job.Stuck;
        return solver;
    }

    private double* Costs(int row) => (double*)Unsafe.AsPointer(ref _problem.Costs[0]) + ((long)row * _problem.Stride);

    private static double* Address(double[] pinned) => (double*)Unsafe.AsPointer(ref pinned[0]);

    private void Assign(int row, int column)
    {
        _columnOfRow[row] = column;
        _rowOfColumn[column] = row;
        _taken[column] = double.PositiveInfinity;
    }

    /// <summary>A row to its place, or a row that has none.</summary>
    private int SolveRows<V>()
        where V : unmanaged, IHostVector<V, double>
    {
        int[] free = [.. Enumerable.Range(0, _problem.Rows)];
        int count = ReduceRows<V>(free, free.Length);
        count = ReduceRows<V>(free, count);
        for (int row = 0; row < _problem.Rows; row++)
        {
            if (_columnOfRow[row] >= 0) _rowDuals[row] = Costs(row)[_columnOfRow[row]] - _columnDuals[_columnOfRow[row]];
        }

        for (int f = 0; f < count; f++)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            if (!Augment<V>(free[f])) return free[f];
            _settings.Progress?.Report((f + 1.0) / count);
        }

        return -1;
    }

    /// <summary>Lets free rows bid for their cheapest column by what the second cheapest costs more; who is outbid bids again.</summary>
    /// <returns>Rows that are free still, first in <paramref name="free"/>.</returns>
    private int ReduceRows<V>(int[] free, int count)
        where V : unmanaged, IHostVector<V, double>
    {
        int left = 0;
        long scans = (long)ReductionScans * _problem.Rows;
        for (int next = 0; next < count;)
        {
            if (--scans % 256 == 0) _settings.Cancellation.ThrowIfCancellationRequested();
            int row = free[next++];
            (double least, int column, double second, int secondColumn) = TwoCheapest<V>(row);
            if (double.IsPositiveInfinity(second))
            {
                // With one choice alone there is no price: its path decides.
                free[left++] = row;
                continue;
            }

            double lowered = _columnDuals[column] - (second - least);
            bool bids = lowered < _columnDuals[column];
            if (bids) _columnDuals[column] = lowered;
            else if (_rowOfColumn[column] >= 0) column = secondColumn;
            int outbid = _rowOfColumn[column];
            Assign(row, column);
            if (outbid < 0) continue;
            _columnOfRow[outbid] = -1;
            if (bids && scans > 0) free[--next] = outbid;
            else free[left++] = outbid;
        }

        return left;
    }

    /// <summary>Assigns one more row along the shortest path to a free column, and moves the duals so that every assigned pair stays tight.</summary>
    private bool Augment<V>(int start)
        where V : unmanaged, IHostVector<V, double>
    {
        Array.Fill(_distances, double.PositiveInfinity);
        int settled = 0, row = start, column;
        double reached = 0;
        do
        {
            (reached, column) = Relax<V>(row, reached - _rowDuals[row]);
            if (double.IsPositiveInfinity(reached)) return false;
            _settled[settled] = column;
            _settledDistances[settled++] = reached;
            _distances[column] = double.NegativeInfinity; // nothing is nearer: it stays as it is
            row = _rowOfColumn[column];
        }
        while (row >= 0);

        _rowDuals[start] += reached;
        for (int s = 0; s < settled - 1; s++)
        {
            double gained = reached - _settledDistances[s];
            _rowDuals[_rowOfColumn[_settled[s]]] += gained;
            _columnDuals[_settled[s]] -= gained;
        }

        do
        {
            row = (int)_from[column];
            int previous = _columnOfRow[row];
            Assign(row, column);
            column = previous;
        }
        while (row != start);
        return true;
    }

    private struct SolveJob : IVectorJob<double>
    {
        public AssignmentSolver Solver;
        public int Stuck;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, double> => Stuck = Solver._problem.Rows == 0 ? -1 : Solver.SolveRows<V>();
    }
}
