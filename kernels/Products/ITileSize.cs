namespace FusionKernels.Kernels.Products;

/// <summary>The size of a device tile; every member folds at compile time.</summary>
/// <remarks>
/// 256 threads, 16 x 16, own a tile. Edge x Depth is always 1024, so that each thread stages exactly one quad of each
/// operand per step. Shared memory: two stages of two operands, each Depth x (Edge + 4) elements; the 4 more make the
/// stores of a warp, which differ in row and in depth, fall into different banks at depth 8 and meet in pairs at depth 16.
/// </remarks>
internal interface ITileSize
{
    /// <summary>Rows and columns of the tile.</summary>
    static abstract int Edge { get; }

    /// <summary>Features staged at a time.</summary>
    static abstract int Depth { get; }

    /// <summary>Whether a thread owns 8 x 8 elements, not 4 x 4.</summary>
    static abstract bool IsWide { get; }
}
