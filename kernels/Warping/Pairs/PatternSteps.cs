using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>A step pattern as the kernels read it: those of its steps that come from rows above, those along a row, and the weights in the element's type.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PatternSteps<T>
    where T : unmanaged
{
    /// <summary>Lays out a pattern.</summary>
    public PatternSteps(StepPattern pattern)
    {
        Pattern = pattern;
        All = [.. pattern.Steps.Select(step => new Step(step.Rows, step.Columns, [.. step.Cells.Where(cell => cell.Weight != 0).Select(Cell.Of)]))];
        Down = [.. All.Where(step => step.Rows > 0)];
        Along = [.. All.Where(step => step.Rows == 0)];
    }

    /// <summary>The pattern.</summary>
    public StepPattern Pattern { get; }

    /// <summary>All steps, in the pattern's order.</summary>
    public Step[] All { get; }

    /// <summary>Those that go down at least a row.</summary>
    public Step[] Down { get; }

    /// <summary>Those that stay in their row.</summary>
    public Step[] Along { get; }

    /// <summary>A cell whose cost is paid.</summary>
    /// <param name="Rows">Rows before the cell that the step leads to.</param>
    /// <param name="Columns">Columns before it.</param>
    /// <param name="Weight">Factor of its cost, above 0.</param>
    internal readonly record struct Cell(int Rows, int Columns, T Weight)
    {
        /// <summary>The same in the element's type.</summary>
        public static Cell Of(StepCell cell) => new(cell.Rows, cell.Columns, Element.Of<T>(cell.Weight));
    }

    /// <summary>A step.</summary>
    /// <param name="Rows">Rows from where it begins to where it leads.</param>
    /// <param name="Columns">Columns likewise.</param>
    /// <param name="Cells">The cells whose costs are paid, in order.</param>
    internal readonly record struct Step(int Rows, int Columns, Cell[] Cells);
}
