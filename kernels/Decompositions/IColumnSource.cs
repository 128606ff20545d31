namespace FusionKernels.Kernels.Decompositions;

/// <summary>A symmetric positive semi-definite matrix that is never stored: its diagonal, and columns as they are asked for.</summary>
internal interface IColumnSource
{
    /// <summary>Rows of the matrix.</summary>
    int Size { get; }

    /// <summary>A unit in the last place of 1 in the precision that the elements were computed in.</summary>
    double Epsilon { get; }

    /// <summary>Fills the diagonal.</summary>
    void Diagonal(Span<double> diagonal);

    /// <summary>Fills size x pivots.Length elements, row by row, with the columns of those numbers.</summary>
    void Columns(ReadOnlySpan<int> pivots, Span<double> columns);
}
