namespace FusionKernels;

/// <summary>An optimal assignment with the dual values that prove it. Immutable.</summary>
/// <remarks>
/// For costs, RowDuals[i] + ColumnDuals[j] &lt;= cost(i, j) for every pair, equal on the assignment, up to rounding; the duals of
/// the longer side are 0 or less, and 0 on what is left over, so that the duals add up to <see cref="Total"/>: no assignment costs
/// less. For similarities the signs are turned: the sum is the similarity or more, the longer side's duals are 0 or more.
/// </remarks>
public sealed class AssignmentResult
{
    internal AssignmentResult(int[] columnOfRow, int columns, double total, double[] rowDuals, double[] columnDuals)
    {
        int[] rowOfColumn = new int[columns];
        Array.Fill(rowOfColumn, -1);
        List<(int Row, int Column)> pairs = [];
        for (int i = 0; i < columnOfRow.Length; i++)
        {
            if (columnOfRow[i] < 0) continue;
            rowOfColumn[columnOfRow[i]] = i;
            pairs.Add((i, columnOfRow[i]));
        }

        (ColumnOfRow, RowOfColumn, Pairs, Total, RowDuals, ColumnDuals) = (columnOfRow, rowOfColumn, pairs, total, rowDuals, columnDuals);
    }

    /// <summary>By row: its column; -1 where there are more rows than columns and the row is left over.</summary>
    public IReadOnlyList<int> ColumnOfRow { get; }

    /// <summary>By column: its row; -1 where there are more columns than rows and the column is left over.</summary>
    public IReadOnlyList<int> RowOfColumn { get; }

    /// <summary>The assigned pairs, min(rows, columns) of them, by row.</summary>
    public IReadOnlyList<(int Row, int Column)> Pairs { get; }

    /// <summary>The sum of the values of the assigned pairs, in float64.</summary>
    public double Total { get; }

    /// <summary>By row: its dual value.</summary>
    public IReadOnlyList<double> RowDuals { get; }

    /// <summary>By column: its dual value.</summary>
    public IReadOnlyList<double> ColumnDuals { get; }
}
