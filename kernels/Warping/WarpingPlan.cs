using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Lanes;

namespace FusionKernels.Kernels.Warping;

/// <summary>How much work a set of alignments is: pure, so it can be asked before anything runs.</summary>
internal sealed class WarpingPlan
{
    /// <summary>Classes of lengths that the cells within a window are counted for: exactly where there are no more lengths.</summary>
    private const int LengthClasses = 64;

    /// <summary>Steps of the longest series whose samples and cells, in every lane, are still worth a worker's memory: 16 MiB in float32 at 512 bits.</summary>
    private const int LongestInLanes = 1 << 16;

    private readonly Lazy<double> _cells;
    private readonly int _longestX;
    private readonly int _longestY;

    /// <summary>Counts the pairs and cells of every series of x against every one of y.</summary>
    /// <param name="problem">What is computed for a pair.</param>
    /// <param name="rows">Lengths of the series of x.</param>
    /// <param name="columns">Lengths of the series of y; those of x where it is symmetric.</param>
    /// <param name="isSymmetric">Whether x stands against itself, so that a pair is computed once, and a series with itself.</param>
    /// <param name="channels">Channels of a sample.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public WarpingPlan(WarpingProblem problem, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, bool isSymmetric, int channels, int elementBytes)
    {
        Problem = problem;
        (IsSymmetric, Channels, ElementBytes) = (isSymmetric, channels, elementBytes);
        double rowSteps = Sum(rows), columnSteps = Sum(columns), squares = 0;
        foreach (int length in rows) squares += (double)length * length;
        Pairs = isSymmetric ? (long)rows.Length * (rows.Length + 1) / 2 : (long)rows.Length * columns.Length;
        TableCells = isSymmetric ? ((rowSteps * rowSteps) + squares) / 2 : rowSteps * columnSteps;
        InputBytes = (long)(isSymmetric ? rowSteps : rowSteps + columnSteps) * channels * elementBytes;
        ResultBytes = (long)rows.Length * columns.Length * elementBytes;
        (_longestX, _longestY) = (Longest(rows), Longest(columns));
        (int Length, double Count)[] x = Classes(rows), y = Classes(columns);
        _cells = new(() => problem.Window == WarpingWindow.None ? TableCells : TableCells * FractionInside(problem.Window, x, y));
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

    /// <summary>Cells within the window, of one alignment for each pair; an estimate where there are many different lengths.</summary>
    public double Cells => _cells.Value;

    /// <summary>Bytes of the series.</summary>
    public long InputBytes { get; }

    /// <summary>Bytes of the result.</summary>
    public long ResultBytes { get; }

    /// <summary>Alignments of each pair whose end values are added.</summary>
    private int Parts => Problem.Independent ? Channels : 1;

    /// <summary>Whether the host computes as many pairs at a time as a vector has lanes, instead of one by one.</summary>
    public bool FitsLanes => Problem.FitsLanes && Math.Max(_longestX, _longestY) <= LongestInLanes;

    /// <summary>Bytes that the host holds beside series and result: for each thread a group of series and a row of cells.</summary>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="width">The width that computes.</param>
    public long HostScratchBytes(int threads, SimdWidth width) => threads * (long)ElementBytes * LaneGroup<byte>.Elements(
        FitsLanes ? Lanes(width) : 1, _longestX, _longestY, Channels, Parts, readsValues: true, readsLags: true, Problem.Window != WarpingWindow.None);

    /// <summary>The kernel and its tiles, in words.</summary>
    public string DescribeOnHost(SimdWidth width) =>
        $"{Problem.Recurrence}, {(IsSymmetric ? "symmetric" : "rectangular")}, "
        + (FitsLanes ? $"{Lanes(width)} pairs in the lanes, pieces of up to {LaneGroup<byte>.PieceRows} series" : "pair by pair");

    /// <summary>Pairs side by side: two vectors.</summary>
    private int Lanes(SimdWidth width) => width == SimdWidth.Scalar ? 2 : (32 << (width - SimdWidth.Bits128)) / ElementBytes;

    /// <summary>The fraction of all tables' cells that lies in the window.</summary>
    private static double FractionInside(WarpingWindow window, (int Length, double Count)[] x, (int Length, double Count)[] y)
    {
        double inside = 0, all = 0;
        foreach ((int rows, double rowCount) in x)
        {
            foreach ((int columns, double columnCount) in y)
            {
                double cells = 0;
                for (int row = 0; row < rows; row++)
                {
                    RowRange range = window.Row(row, rows, columns).Within(columns);
                    cells += Math.Max(0, range.End - range.First);
                }

                inside += cells * rowCount * columnCount;
                all += (double)rows * columns * rowCount * columnCount;
            }
        }

        return all == 0 ? 0 : inside / all;
    }

    /// <summary>Different lengths and how often each occurs; of many, the middle one of each class.</summary>
    private static (int Length, double Count)[] Classes(ReadOnlySpan<int> lengths)
    {
        int[] sorted = lengths.ToArray();
        Array.Sort(sorted);
        (int Length, double Count)[] all = [.. sorted.CountBy(length => length).Select(one => (one.Key, (double)one.Value))];
        return all.Length <= LengthClasses
            ? all
            : [.. sorted.Chunk((sorted.Length + LengthClasses - 1) / LengthClasses).Select(part => (part[part.Length / 2], (double)part.Length))];
    }

    private static int Longest(ReadOnlySpan<int> lengths)
    {
        int longest = 0;
        foreach (int length in lengths) longest = Math.Max(longest, length);
        return longest;
    }

    private static double Sum(ReadOnlySpan<int> lengths)
    {
        double sum = 0;
        foreach (int length in lengths) sum += length;
        return sum;
    }
}
