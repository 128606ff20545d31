namespace FusionKernels.Kernels.Attention;

/// <summary>How the rows of one head, or the features of one row, are cut into blocks of lanes: threes of vectors, and twos where threes leave something over.</summary>
/// <param name="Rows">Queries, keys or features.</param>
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

    /// <summary>Lanes of all blocks together.</summary>
    public int Extent => Vectors * Lanes;

    /// <summary>The number of blocks.</summary>
    public int Count => (Vectors + 2) / 3;

    private int Vectors => (Rows + Lanes - 1) / Lanes;

    // Of four vectors, twos cost less than three and one, for which a broadcast feeds a single multiply-add.
    private int Threes => Vectors % 3 == 1 ? Math.Max(0, (Vectors / 3) - 1) : Vectors / 3;

    /// <summary>Where a block begins.</summary>
    public int Start(int block) => ((2 * block) + Math.Min(block, Threes)) * Lanes;

    /// <summary>Lanes of a block.</summary>
    public int Width(int block) => (block < Threes ? 3 : Math.Min(2, Vectors)) * Lanes;

    /// <summary>Rows in a block.</summary>
    public int Length(int block) => Math.Min(Rows - Start(block), Width(block));

    /// <summary>Runs a job at the width of a block.</summary>
    public void Run<TJob>(ref TJob job, int block)
        where TJob : struct, ILaneBlockJob
    {
        int vectors = Width(block) / Lanes;
        if (vectors == 3) job.Run<ThreeVectors>(Start(block), Length(block));
        else if (vectors == 2) job.Run<TwoVectors>(Start(block), Length(block));
        else job.Run<OneVector>(Start(block), Length(block));
    }
}
