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

    /// <summary>Whether the products are faster: few queries leave many lanes of the fused kernel's blocks empty, while a product stacks the queries of all heads that share a key head.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    /// <param name="why">Receives what was compared.</param>
    /// <remarks>
    /// Measured on Zen 5 at 512 bits, one thread, the least of alternating runs: 17 to 24 and 33 to 36 queries of a head took 0.75
    /// to 0.95 of the fused time from 128 keys and 128 features of both widths on, all other numbers up to 256 took 1.0 to 2; four to
    /// 32 heads on one key head with 1 to 12 queries each 0.07 to 0.9 from 64 keys on. Fused masks by blocks, so where pairs are
    /// masked by more than lengths it is not asked.
    /// </remarks>
    public static bool Pays(AttentionProblem problem, int lanes, out string why)
    {
        why = "";
        if (problem.HasBands || problem.Dropout > 0 || problem.QueryLengths is not null || problem.Queries == 0 || lanes == 1) return false;
        int panel = lanes >= 16 ? PanelRows : PanelRows / 2;
        long stacked = ((long)problem.GroupSize * problem.Queries + panel - 1) / panel * panel, blocked = 0;
        LaneBlocks blocks = new(problem.Queries, lanes);
        for (int block = 0; block < blocks.Count; block++) blocked += (blocks.IsWide(block) ? 3 : 1) * lanes;
        blocked *= problem.GroupSize;
        why = $"{blocked} lanes in blocks, {stacked} rows in panels";
        if (blocked >= 2 * stacked) return problem.Keys >= 64;
        return 3 * blocked >= 4 * stacked && problem.Keys >= 128 && problem.Width + problem.ValueWidth >= 128;
    }

    /// <summary>Elements of working memory of a block, beside what the products pack: queries, scores and outputs, and values without those of keys that nobody attends to.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="lanes">Lanes of a vector.</param>
    public static long Elements(AttentionProblem problem, int lanes) =>
        ((long)Rows(problem) * (Stride(problem.Keys, lanes) + problem.Width + problem.ValueWidth + 2)) + ((long)problem.Keys * (problem.ValueWidth + 2)) + (4 * lanes);

    /// <summary>Elements from row to row of scores.</summary>
    public static int Stride(int keys, int lanes) => (keys + lanes - 1) / lanes * lanes;
}
