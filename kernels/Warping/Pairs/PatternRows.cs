using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>The alignment table of a step pattern, row by row: the rows that its steps look back upon, of cells and of point costs.</summary>
/// <remarks>
/// Steps that come from rows above are taken by vectors along the row, those along the row one cell after the other. Before the
/// first row and column stands infinity, so that steps that would come from there are none.
/// </remarks>
internal readonly unsafe struct PatternRows<V, T, TCosts>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCosts : struct, IPatternCosts<T>
{
    /// <summary>Vectors computed together, so that the walk over the pattern's steps counts little.</summary>
    private const int Together = 4;

    private const int Padding = WarpingPair<T>.Padding;

    private readonly TCosts _costs;
    private readonly WarpingProblem _problem;
    private readonly T* _values;
    private readonly T* _pointCosts;
    private readonly RowRange* _written;
    private readonly nint _stride;

    /// <summary>Prepares the memory.</summary>
    /// <param name="pair">The pair of series or the given costs.</param>
    /// <param name="costs">Their point costs.</param>
    /// <param name="steps">The pattern.</param>
    public PatternRows(in WarpingPair<T> pair, TCosts costs, PatternSteps<T> steps)
    {
        (_costs, Steps, _problem, Rows, Columns) = (costs, steps, pair.Problem, pair.Rows, pair.Columns);
        Reach = Math.Max(1, steps.Pattern.RowReach);
        _stride = pair.Columns + (2 * Padding);
        nint bytes = (Reach + 1) * ((2 * _stride * sizeof(T)) + sizeof(RowRange));
        T* memory = (T*)Scratch.Get<byte>(ScratchSlot.PatternRows, bytes);
        _values = memory + Padding;
        _pointCosts = _values + ((Reach + 1) * _stride);
        _written = (RowRange*)(memory + (2 * (Reach + 1) * _stride));
    }

    /// <summary>The pattern.</summary>
    public PatternSteps<T> Steps { get; }

    /// <summary>The length of x.</summary>
    public int Rows { get; }

    /// <summary>The length of y.</summary>
    public int Columns { get; }

    /// <summary>The rows that a step looks back at most.</summary>
    public int Reach { get; }

    /// <summary>Forgets all rows: nothing stands before the next one.</summary>
    public void Clear()
    {
        new Span<T>(_values - Padding, checked((int)((Reach + 1) * _stride))).Fill(Element.Of<T>(double.PositiveInfinity));
        new Span<T>(_pointCosts - Padding, checked((int)((Reach + 1) * _stride))).Clear();
        new Span<RowRange>(_written, Reach + 1).Clear();
    }

    /// <summary>The cells of a row: the last one computed, or one of the <see cref="Reach"/> before it.</summary>
    public T* Values(int row) => _values + (row % (Reach + 1) * _stride);

    /// <summary>Whether a path may begin in a cell.</summary>
    public bool IsBegin(int row, int column) =>
        (row == 0 && column <= _problem.Ends.BeginY) || (column == 0 && row <= _problem.Ends.BeginX);

    /// <summary>The sum of a step to a cell.</summary>
    /// <param name="from">The cell where it begins.</param>
    /// <param name="step">The step.</param>
    /// <param name="row">The row to which it leads.</param>
    /// <param name="column">The column.</param>
    public T Sum(T from, in PatternSteps<T>.Step step, int row, int column)
    {
        Lanes1<T> sum = new(from);
        foreach (PatternSteps<T>.Cell cell in step.Cells)
        {
            sum = Lanes1<T>.MultiplyAdd(new(cell.Weight), _costs.Costs<Lanes1<T>>(row - cell.Rows, column - cell.Columns), sum);
        }

        return Lanes1<T>.Sum(sum);
    }

    /// <summary>The point cost of a cell.</summary>
    public T Cost(int row, int column) => Lanes1<T>.Sum(_costs.Costs<Lanes1<T>>(row, column));

    /// <summary>Takes the rows before the next one to compute from memory: the <see cref="Reach"/> rows up to <paramref name="row"/>.</summary>
    /// <param name="row">The last of them.</param>
    /// <param name="saved">Their cells, table row by table row.</param>
    /// <param name="columns">Columns that count.</param>
    public void Restore(int row, T* saved, int columns)
    {
        Clear();
        for (int k = 0; k < Reach; k++)
        {
            int restored = row - Reach + 1 + k;
            if (restored < 0) continue;
            new Span<T>(saved + ((nint)k * Columns), columns).CopyTo(new(Values(restored), columns));
            _written[restored % (Reach + 1)] = new(0, columns);
            ComputeCosts(restored, 0, columns);
        }
    }

    /// <summary>Copies the <see cref="Reach"/> rows up to <paramref name="row"/>, for <see cref="Restore"/>.</summary>
    public void Save(int row, T* saved)
    {
        for (int k = 0; k < Reach; k++)
        {
            int kept = row - Reach + 1 + k;
            if (kept >= 0) new Span<T>(Values(kept), Columns).CopyTo(new(saved + ((nint)k * Columns), Columns));
        }
    }

    /// <summary>Computes the next row.</summary>
    /// <param name="row">The row; those that it looks back upon are there.</param>
    /// <param name="columns">Columns to compute; all, or those up to where a path is.</param>
    public void Compute(int row, int columns)
    {
        RowRange range = _problem.Window.Row(row, Rows, Columns).Within(columns);
        T* values = Values(row);
        ref RowRange written = ref _written[row % (Reach + 1)];
        if (written.End > written.First) new Span<T>(values + written.First, written.End - written.First).Fill(Element.Of<T>(double.PositiveInfinity));
        written = range.End > range.First ? range : default;
        ComputeCosts(row, range, columns);
        if (range.End <= range.First) return;
        ComputeDown(row, values, range);
        new Span<T>(values + range.End, Padding).Fill(Element.Of<T>(double.PositiveInfinity));
        if (_problem.Window.HasHoles) CloseHoles(row, values, range);
        Begin(row, values, range);
        if (Steps.Along is [{ Columns: 1, Cells.Length: 1 }] && !_problem.Window.HasHoles) ComputeAlong(values, CostsOf(row), Steps.Along[0].Cells[0].Weight, range);
        else if (Steps.Along.Length > 0) ComputeAlong(row, values, range);
    }

    private T* CostsOf(int row) => _pointCosts + (row % (Reach + 1) * _stride);

    /// <summary>Computes the point costs that steps to this row and to those below may pay.</summary>
    private void ComputeCosts(int row, RowRange range, int columns)
    {
        (int first, int end) = range.End > range.First ? (range.First, range.End) : (columns, 0);
        for (int below = row + 1; below <= Math.Min(Rows - 1, row + Reach); below++)
        {
            RowRange other = _problem.Window.Row(below, Rows, Columns).Within(columns);
            if (other.End > other.First) (first, end) = (Math.Min(first, other.First), Math.Max(end, other.End));
        }

        ComputeCosts(row, Math.Max(0, first - StepPattern.MaxReach), end);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void ComputeCosts(int row, int first, int end)
    {
        TCosts costs = _costs;
        T* target = CostsOf(row);
        for (nint column = first; column < end; column += V.Count) V.Store(costs.Costs<V>(row, column), target + column);
    }

    /// <summary>Writes the least sum of the steps from rows above, some cells beyond the range too.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void ComputeDown(int row, T* values, RowRange range)
    {
        PatternSteps<T>.Step[] steps = Steps.Down;
        for (nint column = range.First; column < range.End; column += Together * V.Count)
        {
            V b0 = V.Constant(double.PositiveInfinity), b1 = b0, b2 = b0, b3 = b0;
            foreach (PatternSteps<T>.Step step in steps)
            {
                if (step.Rows > row) continue;
                T* from = Values(row - step.Rows) + column - step.Columns;
                V s0 = V.Load(from), s1 = V.Load(from + V.Count), s2 = V.Load(from + (2 * V.Count)), s3 = V.Load(from + (3 * V.Count));
                foreach (PatternSteps<T>.Cell cell in step.Cells)
                {
                    V weight = V.Broadcast(cell.Weight);
                    T* costs = CostsOf(row - cell.Rows) + column - cell.Columns;
                    s0 = V.MultiplyAdd(weight, V.Load(costs), s0);
                    s1 = V.MultiplyAdd(weight, V.Load(costs + V.Count), s1);
                    s2 = V.MultiplyAdd(weight, V.Load(costs + (2 * V.Count)), s2);
                    s3 = V.MultiplyAdd(weight, V.Load(costs + (3 * V.Count)), s3);
                }

                b0 = V.MinNonNegative(b0, s0);
                b1 = V.MinNonNegative(b1, s1);
                b2 = V.MinNonNegative(b2, s2);
                b3 = V.MinNonNegative(b3, s3);
            }

            V.Store(b0, values + column);
            V.Store(b1, values + column + V.Count);
            V.Store(b2, values + column + (2 * V.Count));
            V.Store(b3, values + column + (3 * V.Count));
        }
    }

    private void CloseHoles(int row, T* values, RowRange range)
    {
        for (int column = range.First; column < range.End; column++)
        {
            if (!_problem.Window.Allows(row, column, Rows, Columns)) values[column] = Element.Of<T>(double.PositiveInfinity);
        }
    }

    /// <summary>Lets paths begin, at exactly the cost of the cell.</summary>
    private void Begin(int row, T* values, RowRange range)
    {
        for (int column = range.First; column < range.End && IsBegin(row, column); column++)
        {
            if (_problem.Window.HasHoles && !_problem.Window.Allows(row, column, Rows, Columns)) continue;
            values[column] = Lanes1<T>.Sum(Lanes1<T>.Min(new(CostsOf(row)[column]), new(values[column])));
        }
    }

    /// <summary>One step along the row, from the cell before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ComputeAlong(T* values, T* costs, T weight, RowRange range)
    {
        Lanes1<T> last = new(values[range.First - 1]);
        for (nint column = range.First; column < range.End; column++)
        {
            last = Lanes1<T>.Min(Lanes1<T>.MultiplyAdd(new(weight), new(costs[column]), last), new(values[column]));
            values[column] = Lanes1<T>.Sum(last);
        }
    }

    /// <summary>Any steps along the row.</summary>
    private void ComputeAlong(int row, T* values, RowRange range)
    {
        T* costs = CostsOf(row);
        for (int column = range.First; column < range.End; column++)
        {
            if (_problem.Window.HasHoles && !_problem.Window.Allows(row, column, Rows, Columns)) continue;
            Lanes1<T> best = new(values[column]);
            foreach (PatternSteps<T>.Step step in Steps.Along)
            {
                Lanes1<T> sum = new(values[column - step.Columns]);
                foreach (PatternSteps<T>.Cell cell in step.Cells) sum = Lanes1<T>.MultiplyAdd(new(cell.Weight), new(costs[column - cell.Columns]), sum);
                best = Lanes1<T>.Min(best, sum);
            }

            values[column] = Lanes1<T>.Sum(best);
        }
    }
}
