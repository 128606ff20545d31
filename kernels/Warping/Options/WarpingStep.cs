namespace FusionKernels;

/// <summary>One way to reach a cell of the alignment table: from where, over which cells, at which weights.</summary>
/// <param name="Rows">Rows from the cell where the step begins to the one it leads to.</param>
/// <param name="Columns">Columns likewise.</param>
/// <param name="Cells">The cells whose costs are paid, in order; the last one is (0, 0), where the step leads.</param>
public sealed record WarpingStep(int Rows, int Columns, IReadOnlyList<StepCell> Cells);
