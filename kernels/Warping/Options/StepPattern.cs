namespace FusionKernels;

/// <summary>The steps of which an alignment is made: which cells a cell is reached from, and what the way costs. Immutable.</summary>
/// <remarks>
/// <para>cell(i, j) = min over the steps of cell(i - rows, j - columns) + the weighted costs of the step's cells. The first sample
/// pair costs its own point cost, once. Names and weights follow the dtw package of R (Giorgino 2009), which lists the sources:
/// Sakoe and Chiba 1978, Myers, Rabiner and Rosenberg 1980, Rabiner and Juang 1993.</para>
/// </remarks>
public sealed partial class StepPattern
{
    /// <summary>The steps a pattern may look back at most, in rows and in columns.</summary>
    public const int MaxReach = 16;

    /// <summary>Makes a pattern.</summary>
    /// <param name="name">What it is called in messages and reports.</param>
    /// <param name="steps">At least one step; each goes forward, by at most <see cref="MaxReach"/> rows and columns, and ends in cell (0, 0).</param>
    /// <param name="normalization">By what sums are divided to compare lengths.</param>
    /// <exception cref="ArgumentException">A step goes nowhere or back, a weight is negative or not finite, or a cell lies outside its step.</exception>
    public StepPattern(string name, IReadOnlyList<WarpingStep> steps, StepNormalization normalization = StepNormalization.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0) throw new ArgumentException($"step pattern '{name}' has no steps: give at least one", nameof(steps));
        for (int i = 0; i < steps.Count; i++) Check(name, i, steps[i]);
        Name = name;
        Steps = [.. steps.Select(step => step with { Cells = [.. step.Cells] })];
        Normalization = normalization;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The steps, in the order in which equal sums are preferred.</summary>
    public IReadOnlyList<WarpingStep> Steps { get; }

    /// <summary>By what sums are divided to compare lengths.</summary>
    public StepNormalization Normalization { get; }

    /// <summary>Diagonal, down and right, each at the cost of the cell: the default. No normalisation.</summary>
    public static StepPattern Symmetric1 { get; } = new("symmetric1", [Single(1, 1, 1), Single(1, 0, 1), Single(0, 1, 1)]);

    /// <summary>As <see cref="Symmetric1"/> with the diagonal at twice the cost, so that sums compare over the sum of the lengths.</summary>
    public static StepPattern Symmetric2 { get; } =
        new("symmetric2", [Single(1, 1, 2), Single(1, 0, 1), Single(0, 1, 1)], StepNormalization.XPlusY);

    /// <summary><see cref="Symmetric1"/> and <see cref="Symmetric2"/> with left before above among equal sums, as R and librosa order them; other patterns as they are.</summary>
    internal static StepPattern WithLeftFirst(StepPattern pattern) =>
        ReferenceEquals(pattern, Symmetric1) ? new("symmetric1", [Single(1, 1, 1), Single(0, 1, 1), Single(1, 0, 1)])
        : ReferenceEquals(pattern, Symmetric2) ? new("symmetric2", [Single(1, 1, 2), Single(0, 1, 1), Single(1, 0, 1)], StepNormalization.XPlusY)
        : pattern;

    /// <summary>The most rows a step goes forward.</summary>
    internal int RowReach => Steps.Max(step => step.Rows);

    /// <summary>The most columns a step goes forward.</summary>
    internal int ColumnReach => Steps.Max(step => step.Columns);

    /// <summary>Whether the steps are those of another pattern, in whatever order, so that all sums are the same.</summary>
    internal bool HasStepsOf(StepPattern other) => Steps.Count == other.Steps.Count
        && Steps.All(step => other.Steps.Any(one => one.Rows == step.Rows && one.Columns == step.Columns && one.Cells.SequenceEqual(step.Cells)));

    /// <summary>Whether exchanging rows and columns gives the same steps, so that distances are the same both ways.</summary>
    internal bool IsSymmetric => Steps.All(step => Steps.Any(other => IsTranspose(step, other)));

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The same steps with x and y exchanged.</summary>
    internal StepPattern Transposed() => new(
        Name,
        [.. Steps.Select(step => new WarpingStep(step.Columns, step.Rows, [.. step.Cells.Select(cell => new StepCell(cell.Columns, cell.Rows, cell.Weight))]))],
        Normalization switch
        {
            StepNormalization.X => StepNormalization.Y,
            StepNormalization.Y => StepNormalization.X,
            StepNormalization same => same,
        });

    private static bool IsTranspose(WarpingStep step, WarpingStep other) =>
        step.Rows == other.Columns && step.Columns == other.Rows
        && step.Cells.SequenceEqual(other.Cells.Select(cell => new StepCell(cell.Columns, cell.Rows, cell.Weight)));

    private static WarpingStep Single(int rows, int columns, double weight) => new(rows, columns, [new(0, 0, weight)]);

    private static void Check(string name, int index, WarpingStep step)
    {
        ArgumentNullException.ThrowIfNull(step, nameof(step));
        string where = $"step pattern '{name}', step {index}";
        if (step.Rows < 0 || step.Columns < 0 || step.Rows + step.Columns == 0 || step.Rows > MaxReach || step.Columns > MaxReach)
        {
            throw new ArgumentException($"{where}: it goes {step.Rows} rows and {step.Columns} columns: a step goes forward, by 0 to {MaxReach} of each and not by 0 of both", nameof(step));
        }

        if (step.Cells is not [.., { Rows: 0, Columns: 0 }])
        {
            throw new ArgumentException($"{where}: its last cell must be (0, 0), where it leads", nameof(step));
        }

        foreach (StepCell cell in step.Cells)
        {
            if (cell.Rows < 0 || cell.Columns < 0 || cell.Rows > step.Rows || cell.Columns > step.Columns)
            {
                throw new ArgumentException($"{where}: cell ({cell.Rows}, {cell.Columns}) lies outside the step of {step.Rows} rows and {step.Columns} columns", nameof(step));
            }

            if (!(cell.Weight >= 0) || double.IsInfinity(cell.Weight))
            {
                throw new ArgumentException(FormattableString.Invariant($"{where}: weight {cell.Weight} is not a finite number of 0 or more"), nameof(step));
            }
        }
    }
}
