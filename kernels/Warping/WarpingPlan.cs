namespace FusionKernels.Kernels.Warping;

/// <summary>How much work a set of alignments is: pure, so it can be asked before anything runs.</summary>
internal sealed class WarpingPlan
{
    /// <summary>Counts the pairs and cells of every series of x against every one of y.</summary>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="rows">Lengths of the series of x.</param>
    /// <param name="columns">Lengths of the series of y; those of x where it is symmetric.</param>
    /// <param name="isSymmetric">Whether x stands against itself, so that a pair is computed once and the diagonal is known.</param>
    /// <param name="channels">Channels of a sample.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public WarpingPlan(WarpingProblem problem, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, bool isSymmetric, int channels, int elementBytes)
    {
        Problem = problem;
        (IsSymmetric, Channels, ElementBytes) = (isSymmetric, channels, elementBytes);
        double rowSteps = Sum(rows), columnSteps = Sum(columns), squares = 0;
        foreach (int length in rows) squares += (double)length * length;
        Pairs = isSymmetric ? (long)rows.Length * (rows.Length - 1) / 2 : (long)rows.Length * columns.Length;
        TableCells = isSymmetric ? ((rowSteps * rowSteps) - squares) / 2 : rowSteps * columnSteps;
        InputBytes = (long)(isSymmetric ? rowSteps : rowSteps + columnSteps) * channels * elementBytes;
        ResultBytes = (long)rows.Length * columns.Length * elementBytes;
    }

    /// <summary>What is computed for a pair.</summary>
    public WarpingProblem Problem { get; }

    /// <summary>Whether x stands against itself.</summary>
    public bool IsSymmetric { get; }

    /// <summary>Channels of a sample.</summary>
    public int Channels { get; }

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes { get; }

    /// <summary>Pairs of series to align.</summary>
    public long Pairs { get; }

    /// <summary>Cells of all alignment tables, windows disregarded.</summary>
    public double TableCells { get; }

    /// <summary>Bytes of the series.</summary>
    public long InputBytes { get; }

    /// <summary>Bytes of the result.</summary>
    public long ResultBytes { get; }

    private static double Sum(ReadOnlySpan<int> lengths)
    {
        double sum = 0;
        foreach (int length in lengths) sum += length;
        return sum;
    }
}
