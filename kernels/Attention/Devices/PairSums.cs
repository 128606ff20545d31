namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Which pairs add to the same element of a result, as a kernel argument; see <see cref="BiasPieces"/>.</summary>
internal struct PairSums
{
    /// <summary>Where the elements lie; rows are queries, columns keys.</summary>
    public DeviceStrides Result;

    /// <summary>Elements from one chunk's result to the next.</summary>
    public long ChunkStride;

    /// <summary>Chunks: groups that share the members of an element.</summary>
    public int Chunks;

    /// <summary>Members of a chunk.</summary>
    public int ChunkMembers;

    /// <summary>Members in all: items and heads that add to the same.</summary>
    public int Members;

    /// <summary>Items of the result's own.</summary>
    public int Batch;

    /// <summary>Heads of the result's own.</summary>
    public int Heads;

    /// <summary>Heads of a group that share an element.</summary>
    public int SharedHeads;

    /// <summary>Queries of the result's own: all, or 1.</summary>
    public int Queries;

    /// <summary>Keys of the result's own: all, or 1.</summary>
    public int Keys;

    /// <summary>1 where all queries share an element, else 0.</summary>
    public int SharesQueries;

    /// <summary>1 where all keys share an element, else 0.</summary>
    public int SharesKeys;

    /// <summary>Blocks of queries.</summary>
    public int QueryBlocks;

    /// <summary>Blocks of keys.</summary>
    public int KeyBlocks;

    /// <summary>Blocks of queries of the result's own.</summary>
    public readonly int OwnQueryBlocks => SharesQueries != 0 ? 1 : QueryBlocks;

    /// <summary>Blocks of keys of the result's own.</summary>
    public readonly int OwnKeyBlocks => SharesKeys != 0 ? 1 : KeyBlocks;

    /// <summary>Groups of a launch over everything.</summary>
    public readonly long Groups => (long)Batch * Heads * Chunks * OwnQueryBlocks * OwnKeyBlocks;
}
