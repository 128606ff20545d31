namespace FusionKernels;

/// <summary>One cell on the way of a step, and the weight of its cost.</summary>
/// <param name="Rows">Rows before the cell that the step leads to.</param>
/// <param name="Columns">Columns before it.</param>
/// <param name="Weight">Factor of the cell's point cost; 0 or more.</param>
public readonly record struct StepCell(int Rows, int Columns, double Weight);
