namespace FusionKernels.Kernels.Attention;

/// <summary>How the rows of one head are cut into blocks of lanes: threes of vectors, and what is left in whichever fills them best.</summary>
/// <param name="Rows">Queries or keys.</param>
/// <param name="Lanes">Lanes of one vector.</param>
internal readonly record struct LaneBlocks(int Rows, int Lanes)
{
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
