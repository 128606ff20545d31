namespace FusionKernels;

/// <summary>The potentials that make a transport plan: plan(i, j) = exp((Rows[i] + Columns[j] - cost(i, j)) / Epsilon).</summary>
/// <param name="Rows">By row, in the unit of the costs; -infinity for a row without mass.</param>
/// <param name="Columns">By column, in the unit of the costs; -infinity for a column without mass.</param>
/// <param name="Epsilon">The regularisation.</param>
/// <param name="Iterations">Pairs of passes over the costs that were made.</param>
/// <param name="Converged">Whether the tolerance was met within the iterations that were allowed.</param>
/// <param name="RowError">The sum over the rows of |mass of the plan - weight|.</param>
/// <param name="ColumnError">The same over the columns.</param>
public sealed record SinkhornPotentials(
    IReadOnlyList<double> Rows, IReadOnlyList<double> Columns, double Epsilon, int Iterations, bool Converged, double RowError, double ColumnError);
