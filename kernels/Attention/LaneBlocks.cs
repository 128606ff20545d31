namespace FusionKernels.Kernels.Attention;

/// <summary>How the rows of one head are cut into blocks of lanes: threes of vectors, and what is left in whichever fills them best.</summary>
/// <param name="Rows">Queries or keys.</param>
/// <param name="Lanes">Lanes of one vector.</param>
internal readonly record struct LaneBlocks(int Rows, int Lanes)
{
    /// <summary>The most blocks that any item's head is cut into.</summary>
    public static int Most(AttentionProblem problem, int lanes, bool ofQueries)
    {
        if (ofQueries ? problem.QueryLengths is null : problem.KeyStarts is null) return new LaneBlocks(ofQueries ? problem.Queries : problem.Keys, lanes).Count;
        int most = 0;
        for (int item = 0; item < problem.Batch; item++) most = Math.Max(most, new LaneBlocks(ofQueries ? problem.QueriesOf(item) : problem.KeyRowsOf(item), lanes).Count);
        return most;
    }

    private int Wide => Rows / (3 * Lanes);

    private int Rest => Rows - (Wide * 3 * Lanes);

    /// <summary>The number of blocks.</summary>
    public int Count => Wide + (Rest > 2 * Lanes ? 1 : (Rest + Lanes - 1) / Lanes);

    /// <summary>Where a block begins.</summary>
    public int Start(int block) => block <= Wide ? block * 3 * Lanes : (Wide * 3 * Lanes) + ((block - Wide) * Lanes);

    /// <summary>Whether a block is three vectors wide.</summary>
    public bool IsWide(int block) => block < Wide || Rest > 2 * Lanes;

    /// <summary>Rows in a block.</summary>
    public int Length(int block) => Math.Min(Rows - Start(block), IsWide(block) ? 3 * Lanes : Lanes);
}
