namespace FusionKernels.Kernels.Warping;

/// <summary>Alignment by the definition, in double, over the whole table: the oracle of tests and of the self-test.</summary>
/// <remarks>Series are arrays of steps, each an array of channels. The formulas are written out here and shared with no kernel.</remarks>
internal static partial class WarpingReference
{
    /// <summary>The point cost of two samples.</summary>
    public static double PointCostOf(PointCost cost, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double squares = 0, absolutes = 0, dot = 0, xx = 0, yy = 0;
        for (int c = 0; c < x.Length; c++)
        {
            squares += (x[c] - y[c]) * (x[c] - y[c]);
            absolutes += Math.Abs(x[c] - y[c]);
            dot += x[c] * y[c];
            xx += x[c] * x[c];
            yy += y[c] * y[c];
        }

        return cost switch
        {
            PointCost.SquaredEuclidean => squares,
            PointCost.Absolute => absolutes,
            PointCost.Euclidean => Math.Sqrt(squares),
            _ => xx == 0 || yy == 0 ? 1 : 1 - (dot / Math.Sqrt(xx * yy)),
        };
    }

    /// <summary>All point costs of two series.</summary>
    public static double[,] PointCosts(PointCost cost, double[][] x, double[][] y)
    {
        double[,] costs = new double[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++) costs[i, j] = PointCostOf(cost, x[i], y[j]);
        }

        return costs;
    }

    /// <summary>The accumulated costs of dynamic time warping; infinity where no path leads.</summary>
    /// <param name="costs">Point costs, rows x columns.</param>
    /// <param name="pattern">The steps.</param>
    /// <param name="window">Which pairs may be matched.</param>
    /// <param name="ends">What may be left out at the begin.</param>
    public static double[,] Accumulate(double[,] costs, StepPattern pattern, WarpingWindow window, WarpingEnds ends)
    {
        int rows = costs.GetLength(0), columns = costs.GetLength(1);
        double[,] table = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                table[i, j] = double.PositiveInfinity;
                if (!window.Allows(i, j, rows, columns)) continue;
                double best = IsBegin(i, j, ends) ? costs[i, j] : double.PositiveInfinity;
                foreach (WarpingStep step in pattern.Steps)
                {
                    if (step.Rows > i || step.Columns > j) continue;
                    double sum = table[i - step.Rows, j - step.Columns];
                    foreach (StepCell cell in step.Cells) sum += cell.Weight == 0 ? 0 : cell.Weight * costs[i - cell.Rows, j - cell.Columns];
                    best = Math.Min(best, sum);
                }

                table[i, j] = best;
            }
        }

        return table;
    }

    /// <summary>The least end value that the ends allow, before any root; infinity where there is no path.</summary>
    public static double EndValue(double[,] table, WarpingEnds ends)
    {
        int rows = table.GetLength(0), columns = table.GetLength(1);
        double best = double.PositiveInfinity;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                bool isEnd = (i == rows - 1 && columns - 1 - j <= ends.EndY) || (j == columns - 1 && rows - 1 - i <= ends.EndX);
                if (isEnd) best = Math.Min(best, table[i, j]);
            }
        }

        return best;
    }

    /// <summary>Whether a path may begin in a cell.</summary>
    private static bool IsBegin(int row, int column, WarpingEnds ends) =>
        (row == 0 && column <= ends.BeginY) || (column == 0 && row <= ends.BeginX);
}
