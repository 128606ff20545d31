using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels.Kernels.Warping;

/// <content>Soft alignments by the definition: logarithms of sums of weights, over the whole table.</content>
internal static partial class WarpingReference
{
    /// <summary>-gamma ln of the weights of all alignments that end in each cell; infinity where none does.</summary>
    /// <param name="costs">Point costs, rows x columns.</param>
    /// <param name="gamma">The smoothing.</param>
    /// <param name="window">Which pairs may be matched.</param>
    public static double[,] AccumulateSoft(double[,] costs, double gamma, WarpingWindow window) =>
        Fill(new() { Window = window }, costs, Wall(WarpingEnds.Closed), (i, j, diagonal, above, left) => costs[i, j] + SoftMinimum(diagonal, above, left, gamma));

    /// <summary>The share of alignments, by weight, through each cell: from the tables of the series and of the reversed series.</summary>
    /// <inheritdoc cref="AccumulateSoft" path="/param"/>
    public static double[,] ExpectedAlignment(double[,] costs, double gamma, WarpingWindow window)
    {
        int rows = costs.GetLength(0), columns = costs.GetLength(1);
        double[,] reached = AccumulateSoft(costs, gamma, window), left = new double[rows + 1, columns + 1], expected = new double[rows, columns];
        for (int i = rows; i >= 0; i--)
        {
            for (int j = columns; j >= 0; j--)
            {
                bool isInside = i < rows && j < columns && window.Allows(i, j, rows, columns);
                left[i, j] = double.PositiveInfinity;
                if (!isInside) continue;
                bool isLast = i == rows - 1 && j == columns - 1;
                left[i, j] = isLast ? costs[i, j] : costs[i, j] + SoftMinimum(left[i + 1, j + 1], left[i + 1, j], left[i, j + 1], gamma);
                expected[i, j] = Math.Exp((reached[rows - 1, columns - 1] - reached[i, j] - left[i, j] + costs[i, j]) / gamma);
            }
        }

        return expected;
    }

    /// <summary>The logarithm of the global alignment kernel (Cuturi 2011).</summary>
    /// <param name="squares">Squared distances of the samples, rows x columns.</param>
    /// <param name="sigma">The bandwidth of the local kernel.</param>
    /// <param name="window">Which pairs may be matched.</param>
    public static double LogGlobalAlignment(double[,] squares, double sigma, WarpingWindow window)
    {
        int rows = squares.GetLength(0), columns = squares.GetLength(1);
        double[,] costs = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double exponent = squares[i, j] / (2 * sigma * sigma);
                costs[i, j] = exponent + Math.Log(2 - Math.Exp(-exponent));
            }
        }

        return -AccumulateSoft(costs, 1, window)[rows - 1, columns - 1];
    }

    private static double SoftMinimum(double a, double b, double c, double gamma)
    {
        double least = Math.Min(a, Math.Min(b, c));
        if (double.IsPositiveInfinity(least)) return least;
        return least - (gamma * Math.Log(Math.Exp((least - a) / gamma) + Math.Exp((least - b) / gamma) + Math.Exp((least - c) / gamma)));
    }
}
