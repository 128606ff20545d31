namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The singular values of a batch in descending order, and the rows of working memory where they stand.</summary>
internal sealed class JacobiSpectrum
{
    private readonly double[] _squares;
    private readonly double[] _floors;
    private readonly int _workRows;

    /// <summary>Sorts the squared norms.</summary>
    /// <param name="plan">How the batch is cut.</param>
    /// <param name="squares">The squared norm of each row of working memory.</param>
    /// <param name="floors">Of each matrix the squared norm up to which a column is rounding.</param>
    /// <param name="places">The rows of one matrix that hold its columns.</param>
    /// <param name="kept">Values that are wanted of each matrix.</param>
    public JacobiSpectrum(in JacobiPlan plan, double[] squares, double[] floors, int[] places, int kept)
    {
        (_squares, _floors, _workRows, Kept) = (squares, floors, plan.WorkRows, kept);
        Rows = new int[plan.Items * kept];
        for (int item = 0; item < plan.Items; item++)
        {
            int start = item * _workRows;
            places.OrderByDescending(row => squares[start + row]).Take(kept).ToArray().CopyTo(Rows, item * kept);
        }
    }

    /// <summary>Values of each matrix.</summary>
    public int Kept { get; }

    /// <summary>The row of each value within its matrix, matrix by matrix.</summary>
    public int[] Rows { get; }

    /// <summary>The rows of one matrix.</summary>
    public ReadOnlySpan<int> RowsOf(int item) => Rows.AsSpan(item * Kept, Kept);

    /// <summary>Values of one matrix that are more than rounding.</summary>
    public int Significant(int item)
    {
        int known = 0;
        while (known < Kept && Square(item, known) > _floors[item]) known++;
        return known;
    }

    /// <summary>The values, without the power of two that their matrix was multiplied by.</summary>
    public double[] Values(int[] powers)
    {
        double[] values = new double[Rows.Length];
        for (int i = 0; i < values.Length; i++) values[i] = Math.ScaleB(Math.Sqrt(Square(i / Kept, i % Kept)), -powers[i / Kept]);
        return values;
    }

    /// <summary>What makes unit vectors of the columns; 0 for those of rounding.</summary>
    public double[] Reciprocals()
    {
        double[] factors = new double[Rows.Length];
        for (int item = 0; item < _floors.Length; item++)
        {
            for (int i = 0; i < Significant(item); i++) factors[(item * Kept) + i] = 1 / Math.Sqrt(Square(item, i));
        }

        return factors;
    }

    private double Square(int item, int value) => _squares[(item * _workRows) + Rows[(item * Kept) + value]];
}
