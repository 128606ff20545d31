namespace FusionKernels.Kernels.Products;

/// <summary>Sizes and layouts of one product row by row on a device, as a kernel argument.</summary>
internal struct RowProductShape
{
    /// <summary>Rows of x, of y and of the result.</summary>
    public int Rows;

    /// <summary>Features.</summary>
    public int Depth;

    /// <summary>Features of one chunk; each chunk's sum is a column of the result.</summary>
    public int ChunkDepth;

    /// <summary>Chunks that the features fall into.</summary>
    public int Chunks;

    /// <summary>Rows that a group takes; a power of two, at most the group's threads.</summary>
    public int RowsPerGroup;

    /// <summary>Groups that the rows take.</summary>
    public int RowGroups;

    /// <summary>1 where the centre is subtracted from both operands, else 0.</summary>
    public int IsCentred;

    /// <summary>Number of the first group of this launch; groups are numbered by row, then chunk, then matrix.</summary>
    public long FirstGroup;

    /// <summary>The left operand, rows x depth.</summary>
    public DeviceLayout X;

    /// <summary>The right operand, rows x depth; a row stride of 0 repeats one vector.</summary>
    public DeviceLayout Y;

    /// <summary>The result, rows x chunks.</summary>
    public DeviceLayout Result;
}
