using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Where the kernel that follows paths reads and writes them, beside the arguments of all warping kernels.</summary>
internal struct WarpingSteps
{
    /// <summary>Moves, from the end of each path on, as many a number as it has room for.</summary>
    public ArrayView<int> Moves;

    /// <summary>Of each team the row, or -1 once the path is whole, the column and the moves so far.</summary>
    public ArrayView<int> States;

    /// <summary>Which part of the table it follows them through.</summary>
    public WarpingBlock Block;
}

/// <summary>A part of the tables, as a kernel argument.</summary>
internal struct WarpingBlock
{
    /// <summary>The block of strips, or of rows.</summary>
    public int Number;

    /// <summary>Its first column, or row.</summary>
    public int First;

    /// <summary>Moves of one launch, at most.</summary>
    public int MostMoves;

    /// <summary>Numbers of moves of a team.</summary>
    public int MoveWords;
}
