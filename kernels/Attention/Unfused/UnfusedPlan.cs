namespace FusionKernels.Kernels.Attention.Unfused;

/// <summary>When two whole products pay, and into which blocks of rows they are cut: functions of the shape alone.</summary>
internal static class UnfusedPlan
{
    /// <summary>Scores of a block: 512 KiB of float32, so that they stay in the second cache between the products.</summary>
    private const int BlockScores = 1 << 17;

    /// <summary>Rows of a block at least, and what they are a multiple of: a panel of the product at 512 bits.</summary>
    private const int PanelRows = 12;

    /// <summary>Rows of a block: queries of all heads that share a key head.</summary>
    public static int Rows(AttentionProblem problem)
    {
        int rows = Math.Max(1, BlockScores / Math.Max(1, problem.Keys) / PanelRows) * PanelRows;
        return Math.Max(1, Math.Min(problem.GroupSize * problem.Queries, rows));
    }

    /// <summary>
    /// Whether the products are faster: few queries leave many lanes of the fused kernel's blocks empty, while a product stacks the
    /// queries of all heads that share a key head, and reads its keys once.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    /// <param name="areApart">Whether rows of keys or values are so far apart that the fused kernel copies them.</param>
    /// <param name="why">Receives what was compared.</param>
    /// <remarks>
    /// Measured on Zen 5 at 512 bits, one thread, on a quiet machine, the least of alternating runs, 17 to 100 queries of a head and 1 to
    /// 17 of each of 4 to 32 heads on a key head, 24 to 768 keys, widths of 8 to 512. Fused masks by blocks, so where pairs are masked
    /// by more than lengths it is not asked.
    /// </remarks>
    public static bool Pays(AttentionProblem problem, int lanes, bool areApart, out string why)
    {
        why = "";
        if (problem.HasBands || problem.Dropout > 0 || problem.QueryLengths is not null || problem.Queries == 0 || lanes == 1) return false;
        int panel = lanes >= 16 ? PanelRows : PanelRows / 2;
        long stacked = ((long)problem.GroupSize * problem.Queries + panel - 1) / panel * panel;
        LaneBlocks blocks = new(problem.Queries, lanes);
        long blocked = (long)problem.GroupSize * blocks.Extent;
        why = $"{blocked} lanes in blocks, {stacked} rows in panels";
        if (3 * blocked < 4 * stacked) return false;
        long keys = problem.Keys, widths = problem.Width + problem.ValueWidth;
        return problem.GroupSize > 1 ? keys >= LeastKeys(blocked, stacked, widths) : PaysAlone(keys, widths, areApart);
    }

    /// <summary>
    /// From how many keys on heads that share them are better stacked: at them, products took 0.5 to 0.97 of the fused time, 0.07 to 0.8
    /// of it at 512 keys.
    /// </summary>
    private static int LeastKeys(long blocked, long stacked, long widths)
    {
        bool isWide = widths >= 128;
        if (2 * blocked >= 7 * stacked) return 24;
        if (2 * blocked >= 5 * stacked) return isWide ? 24 : 48;
        if (10 * blocked >= 17 * stacked) return isWide ? 64 : 128;
        return isWide ? 128 : 512;
    }

    /// <summary>
    /// Whether a head of its own is better multiplied: only where the fused route copies rows. 33 to 36 queries in a block of three
    /// vectors took 0.9 to 0.95 of its time there, from 256 keys on, and 1 to 1.3 elsewhere; 9 to 16 queries in a block of two, on
    /// Zen 3 at 256 bits, 1.05 to 1.6.
    /// </summary>
    private static bool PaysAlone(long keys, long widths, bool areApart) => areApart && widths is >= 128 and <= 256 && keys >= 256;

    /// <summary>Elements of working memory of a block, beside what the products pack: queries, scores and outputs, and values without those of keys that nobody attends to.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    public static long Elements(AttentionProblem problem, int lanes) =>
        ((long)Rows(problem) * (Stride(problem.Keys, lanes) + problem.Width + problem.ValueWidth + 2)) + ((long)problem.Keys * (problem.ValueWidth + 2)) + (4 * lanes);

    /// <summary>Elements from row to row of scores.</summary>
    public static int Stride(int keys, int lanes) => (keys + lanes - 1) / lanes * lanes;
}
