namespace FusionKernels.Kernels.Graphs;

/// <summary>The family in float64, entry by entry, as the formulas read.</summary>
internal static class GraphsReference
{
    /// <summary>result(i, j) = alpha sum over entries (i, c) of value dense(c, j), over the row's number of entries where the mean is asked for.</summary>
    /// <param name="pattern">The sparse matrix.</param>
    /// <param name="values">entries x heads; null for ones.</param>
    /// <param name="dense">columns x any.</param>
    /// <param name="isMean">Whether the mean is taken.</param>
    public static double[,] Multiply(SparsePattern pattern, double[,]? values, double[,] dense, bool isMean)
    {
        int width = dense.GetLength(1), perHead = width / (values?.GetLength(1) ?? 1);
        double[,] result = new double[pattern.Rows, width];
        foreach ((int row, int column, int entry) in Entries(pattern))
        {
            double share = isMean ? 1.0 / (pattern.Starts[row + 1] - pattern.Starts[row]) : 1;
            for (int j = 0; j < width; j++) result[row, j] += share * (values?[entry, j / perHead] ?? 1) * dense[column, j];
        }

        return result;
    }

    /// <summary>The gradient of <see cref="Multiply"/> to the dense operand.</summary>
    public static double[,] DenseGradient(SparsePattern pattern, double[,]? values, double[,] gradient, bool isMean)
    {
        int width = gradient.GetLength(1), perHead = width / (values?.GetLength(1) ?? 1);
        double[,] result = new double[pattern.Columns, width];
        foreach ((int row, int column, int entry) in Entries(pattern))
        {
            double share = isMean ? 1.0 / (pattern.Starts[row + 1] - pattern.Starts[row]) : 1;
            for (int j = 0; j < width; j++) result[column, j] += share * (values?[entry, j / perHead] ?? 1) * gradient[row, j];
        }

        return result;
    }

    /// <summary>left(row) . right(column) of every entry and head.</summary>
    public static double[,] Dots(SparsePattern pattern, double[,] left, double[,] right, int heads)
    {
        int width = left.GetLength(1) / heads;
        double[,] result = new double[pattern.Entries, heads];
        foreach ((int row, int column, int entry) in Entries(pattern))
        {
            for (int j = 0; j < heads * width; j++) result[entry, j / width] += left[row, j] * right[column, j];
        }

        return result;
    }

    /// <summary>The scores of entries by <see cref="GraphRules.Score"/>.</summary>
    public static double[,] Scores(SparsePattern pattern, double[,] left, double[,] right, double slope)
    {
        double[,] result = new double[pattern.Entries, left.GetLength(1)];
        foreach ((int row, int column, int entry) in Entries(pattern))
        {
            for (int h = 0; h < left.GetLength(1); h++)
            {
                double sum = left[row, h] + right[column, h];
                result[entry, h] = sum < 0 ? slope * sum : sum;
            }
        }

        return result;
    }

    /// <summary>Softmax over the entries of each row.</summary>
    public static double[,] Softmax(SparsePattern pattern, double[,] scores)
    {
        int heads = scores.GetLength(1);
        double[,] result = new double[pattern.Entries, heads];
        for (int row = 0; row < pattern.Rows; row++)
        {
            for (int h = 0; h < heads; h++)
            {
                double largest = double.NegativeInfinity, sum = 0;
                for (int e = pattern.Starts[row]; e < pattern.Starts[row + 1]; e++) largest = Math.Max(largest, scores[e, h]);
                for (int e = pattern.Starts[row]; e < pattern.Starts[row + 1]; e++) sum += Math.Exp(scores[e, h] - largest);
                for (int e = pattern.Starts[row]; e < pattern.Starts[row + 1]; e++) result[e, h] = Math.Exp(scores[e, h] - largest) / sum;
            }
        }

        return result;
    }

    /// <summary>The gradient of <see cref="Softmax"/> to the scores.</summary>
    public static double[,] SoftmaxGradient(SparsePattern pattern, double[,] weights, double[,] gradient)
    {
        int heads = weights.GetLength(1);
        double[,] means = new double[pattern.Rows, heads], result = new double[pattern.Entries, heads];
        foreach ((int row, _, int entry) in Entries(pattern))
        {
            for (int h = 0; h < heads; h++) means[row, h] += weights[entry, h] * gradient[entry, h];
        }

        foreach ((int row, _, int entry) in Entries(pattern))
        {
            for (int h = 0; h < heads; h++) result[entry, h] = weights[entry, h] * (gradient[entry, h] - means[row, h]);
        }

        return result;
    }

    /// <summary>The largest of a row's neighbours in every dense column, 0 and entry -1 for a row of none; of equal ones the first.</summary>
    public static (double[,] Largest, int[,] Entries) Maximum(SparsePattern pattern, double[,] dense)
    {
        int width = dense.GetLength(1);
        double[,] result = new double[pattern.Rows, width];
        int[,] entries = new int[pattern.Rows, width];
        for (int row = 0; row < pattern.Rows; row++)
        {
            for (int j = 0; j < width; j++)
            {
                entries[row, j] = -1;
                for (int e = pattern.Starts[row]; e < pattern.Starts[row + 1]; e++)
                {
                    double value = dense[pattern.Indices[e], j];
                    if (entries[row, j] < 0 || value > result[row, j]) (result[row, j], entries[row, j]) = (value, e);
                }
            }
        }

        return (result, entries);
    }

    private static IEnumerable<(int Row, int Column, int Entry)> Entries(SparsePattern pattern)
    {
        for (int entry = 0; entry < pattern.Entries; entry++) yield return (pattern.Owners[entry], pattern.Indices[entry], entry);
    }
}
