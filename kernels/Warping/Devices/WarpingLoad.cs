namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a block of pairs asks of a device.</summary>
internal readonly record struct WarpingLoad
{
    /// <summary>Pairs.</summary>
    public required long Pairs { get; init; }

    /// <summary>The most samples of a series of x.</summary>
    public required int Rows { get; init; }

    /// <summary>The most samples of a series of y.</summary>
    public required int Columns { get; init; }

    /// <summary>Alignments of a pair.</summary>
    public required int Parts { get; init; }

    /// <summary>Operations of a cell, about.</summary>
    public required double FlopsPerCell { get; init; }

    /// <summary>Columns of a row within the widest window.</summary>
    public required int BandWidth { get; init; }

    /// <summary>Bytes of an element.</summary>
    public required int ElementBytes { get; init; }

    /// <summary>Whether the steps are a pattern.</summary>
    public bool IsPattern { get; init; }

    /// <summary>Of a pattern: rows that it looks back upon, with the one it makes.</summary>
    public int RingRows { get; init; }

    /// <summary>Of a pattern: columns that a thread must have at least.</summary>
    public int LeastLaneColumns { get; init; }
}
