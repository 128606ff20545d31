namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>When few queries meet many keys, and into which parts the keys are split: functions of the shape alone.</summary>
internal static class DecodePlan
{
    /// <summary>
    /// Queries of all heads that share a key head, at most, that go through its keys together; with more, queries fill the lanes
    /// of the other kernel, unless keys lie in pages.
    /// </summary>
    public const int MostRows = 16;

    /// <summary>Keys of one part: enough work for a piece, and few enough to share a long cache among cores.</summary>
    public const int PartKeys = 1024;

    /// <summary>Keys scored at once: with 16 rows 4 KiB of scores in float32, and 32 KiB of keys 128 wide.</summary>
    public const int BlockKeys = 64;

    /// <summary>Queries that share a key head.</summary>
    public static int Rows(AttentionProblem problem) => problem.GroupSize * problem.Queries;

    /// <summary>Whether queries are so few.</summary>
    public static bool Suits(AttentionProblem problem) => Rows(problem) <= MostRows && problem.Dropout == 0 && problem.QueryLengths is null;

    /// <summary>Blocks of queries that share a key head.</summary>
    public static int RowBlocks(AttentionProblem problem) => (Rows(problem) + MostRows - 1) / MostRows;

    /// <summary>Parts of the longest item's keys, at least one.</summary>
    public static int Parts(AttentionProblem problem) => Math.Max(1, (problem.Keys + PartKeys - 1) / PartKeys);
}
