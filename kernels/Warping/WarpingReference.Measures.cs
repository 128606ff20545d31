namespace FusionKernels.Kernels.Warping;

/// <content>The distance of a whole problem: every measure by the formula of its paper (or of aeon where the two differ), from raw series.</content>
internal static partial class WarpingReference
{
    /// <summary>The finished distance of two series; infinity where no path leads, NaN where a sample is not finite and is not skipped.</summary>
    /// <param name="problem">What is computed.</param>
    /// <param name="x">Steps of x, each an array of channels.</param>
    /// <param name="y">Steps of y.</param>
    public static double Distance(WarpingProblem problem, double[][] x, double[][] y)
    {
        if (!problem.SkipsMissing && (HasNonFinite(x) || HasNonFinite(y))) return double.NaN;
        double end = 0;
        if (problem.Independent)
        {
            for (int c = 0; c < x[0].Length; c++) end += EndValue(Table(problem, Channel(x, c), Channel(y, c)), problem.Ends);
        }
        else
        {
            end = EndValue(Table(problem, x, y), problem.Ends);
        }

        return problem.Finish switch
        {
            WarpingFinish.Root => Math.Sqrt(end),
            WarpingFinish.OneMinusPerShorter => 1 + (end / Math.Min(x.Length, y.Length)),
            WarpingFinish.PerLonger => end / Math.Max(x.Length, y.Length),
            _ => end,
        };
    }

    /// <summary>The accumulated values of one alignment of vectors; infinity outside the window and where no path leads.</summary>
    /// <inheritdoc cref="Distance" path="/param"/>
    public static double[,] Table(WarpingProblem problem, double[][] x, double[][] y)
    {
        double[,] costs = Costs(problem, x, y);
        return problem.Recurrence switch
        {
            WarpingRecurrence.Symmetric1 => Accumulate(costs, StepPattern.Symmetric1, problem.Window, problem.Ends),
            WarpingRecurrence.Symmetric2 => Accumulate(costs, StepPattern.Symmetric2, problem.Window, problem.Ends),
            WarpingRecurrence.Pattern => Accumulate(costs, problem.Pattern!, problem.Window, problem.Ends),
            WarpingRecurrence.Weighted => Weighted(problem, costs),
            WarpingRecurrence.Amerced => Amerced(problem, costs),
            WarpingRecurrence.Gap => Gap(problem, costs, x, y),
            WarpingRecurrence.CommonSubsequence => CommonSubsequence(problem, costs),
            WarpingRecurrence.Edit => Edit(problem, costs, x, y),
            WarpingRecurrence.MoveSplitMerge => MoveSplitMerge(problem, costs, x, y),
            WarpingRecurrence.TimeWarpEdit => TimeWarpEdit(problem, costs, x, y),
            WarpingRecurrence.Frechet => Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
                Math.Max(costs[i, j], Math.Min(diagonal, Math.Min(above, left)))),
            WarpingRecurrence.Soft => Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
                costs[i, j] + SoftMinimum(diagonal, above, left, problem.A)),
            _ => throw new ArgumentOutOfRangeException(nameof(problem), problem.Recurrence, "Not a recurrence."),
        };
    }

    /// <summary>Jeong, Jeong and Omitaomu 2011, eq. 3 and 4, with the largest weight 1 and the midpoint at half the longer length.</summary>
    private static double[,] Weighted(WarpingProblem problem, double[,] costs)
    {
        int longer = Math.Max(costs.GetLength(0), costs.GetLength(1));
        return Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
        {
            double weight = 1 / (1 + Math.Exp(-problem.A * (Math.Abs(i - j) - (longer / 2.0))));
            return (weight * costs[i, j]) + Math.Min(diagonal, Math.Min(above, left));
        });
    }

    /// <summary>Herrmann and Webb 2023, eq. 3.</summary>
    private static double[,] Amerced(WarpingProblem problem, double[,] costs) =>
        Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
            costs[i, j] + Math.Min(diagonal, Math.Min(above, left) + problem.A));

    /// <summary>Chen and Ng 2004; the border is what all samples of a series cost (aeon), or those left out so far (the paper).</summary>
    private static double[,] Gap(WarpingProblem problem, double[,] costs, double[][] x, double[][] y)
    {
        double[] gap = new double[x[0].Length];
        Array.Fill(gap, problem.A);
        double[] gapX = [.. x.Select(sample => PointCostOf(problem.Cost, sample, gap))];
        double[] gapY = [.. y.Select(sample => PointCostOf(problem.Cost, sample, gap))];
        return Fill(problem, costs, Border, (i, j, diagonal, above, left) =>
            Math.Min(diagonal + costs[i, j], Math.Min(above + gapX[i], left + gapY[j])));

        double Border(int i, int j)
        {
            if (i < 0 && j < 0) return 0;
            double[] gaps = i < 0 ? gapY : gapX;
            return problem.SumsGapsSoFar ? gaps.Take(Math.Max(i, j) + 1).Sum() : gaps.Sum();
        }
    }

    /// <summary>Vlachos, Kollios and Gunopulos 2002, eq. 1, negated; what lies outside the window counts as no match (aeon).</summary>
    private static double[,] CommonSubsequence(WarpingProblem problem, double[,] costs) =>
        Fill(problem, costs, (_, _) => 0, (i, j, diagonal, above, left) => costs[i, j] <= problem.A
            ? Math.Min(diagonal, 0) - 1
            : Math.Min(0, Math.Min(above, left)));

    /// <summary>Chen, Ozsu and Oria 2005, with a border of 0 (aeon; the paper's grows by 1) and equality below the tolerance.</summary>
    private static double[,] Edit(WarpingProblem problem, double[,] costs, double[][] x, double[][] y)
    {
        double tolerance = double.IsNaN(problem.A) ? Math.Max(Deviation(x), Deviation(y)) / 4 : problem.A;
        return Fill(problem, costs, (_, _) => 0, (i, j, diagonal, above, left) =>
            Math.Min(diagonal + (costs[i, j] < tolerance ? 0 : 1), Math.Min(above, left) + 1));
    }

    /// <summary>Stefan, Athitsos and Das 2013, fig. 9, for one channel.</summary>
    private static double[,] MoveSplitMerge(WarpingProblem problem, double[,] costs, double[][] x, double[][] y)
    {
        return Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
        {
            double best = diagonal + costs[i, j];
            if (i > 0) best = Math.Min(best, above + Split(x[i][0], x[i - 1][0], y[j][0]));
            if (j > 0) best = Math.Min(best, left + Split(y[j][0], y[j - 1][0], x[i][0]));
            return best;
        });

        double Split(double sample, double before, double other)
        {
            bool isBetween = (before <= sample && sample <= other) || (before >= sample && sample >= other);
            return isBetween ? problem.A : problem.A + Math.Min(Math.Abs(sample - before), Math.Abs(sample - other));
        }
    }

    /// <summary>Marteau 2009, with Euclidean costs and a sample of zeros before either series.</summary>
    private static double[,] TimeWarpEdit(WarpingProblem problem, double[,] costs, double[][] x, double[][] y)
    {
        double[] zeros = new double[x[0].Length];
        return Fill(problem, costs, Wall(problem.Ends), (i, j, diagonal, above, left) =>
        {
            double[] beforeX = i > 0 ? x[i - 1] : zeros, beforeY = j > 0 ? y[j - 1] : zeros;
            double match = costs[i, j] + PointCostOf(problem.Cost, beforeX, beforeY) + (2 * problem.A * Math.Abs(i - j));
            double leaveX = PointCostOf(PointCost.Euclidean, x[i], beforeX) + problem.A + problem.B;
            double leaveY = PointCostOf(PointCost.Euclidean, y[j], beforeY) + problem.A + problem.B;
            return Math.Min(diagonal + match, Math.Min(above + leaveX, left + leaveY));
        });
    }

    /// <summary>Fills the table from what stands before it and from the rule of one cell.</summary>
    private static double[,] Fill(WarpingProblem problem, double[,] costs, Func<int, int, double> border, Func<int, int, double, double, double, double> cell)
    {
        int rows = costs.GetLength(0), columns = costs.GetLength(1);
        double[,] table = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                table[i, j] = problem.Window.Allows(i, j, rows, columns)
                    ? cell(i, j, At(i - 1, j - 1), At(i - 1, j), At(i, j - 1))
                    : double.PositiveInfinity;
            }
        }

        return table;

        double At(int i, int j) => i < 0 || j < 0 ? border(i, j) : table[i, j];
    }

    /// <summary>Nothing leads in but the corner, and the border as far as an open begin reaches.</summary>
    private static Func<int, int, double> Wall(WarpingEnds ends) => (i, j) =>
    {
        bool isOpen = (i < 0 && j < 0) || (i < 0 && j < ends.BeginY) || (j < 0 && i < ends.BeginX);
        return isOpen ? 0 : double.PositiveInfinity;
    };

    private static double[,] Costs(WarpingProblem problem, double[][] x, double[][] y)
    {
        double[,] costs = new double[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
            {
                int[] present = [.. Enumerable.Range(0, x[i].Length).Where(c => !problem.SkipsMissing || !(double.IsNaN(x[i][c]) || double.IsNaN(y[j][c])))];
                costs[i, j] = PointCostOf(problem.Cost, Array.ConvertAll(present, c => x[i][c]), Array.ConvertAll(present, c => y[j][c]));
            }
        }

        return costs;
    }

    private static double[][] Channel(double[][] series, int channel) => [.. series.Select(sample => new[] { sample[channel] })];

    private static bool HasNonFinite(double[][] series) => series.Any(sample => sample.Any(value => !double.IsFinite(value)));

    /// <summary>The population standard deviation of all values of all channels.</summary>
    private static double Deviation(double[][] series)
    {
        double[] values = [.. series.SelectMany(sample => sample)];
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
    }
}
