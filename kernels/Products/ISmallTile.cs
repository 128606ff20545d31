namespace FusionKernels.Kernels.Products;

/// <summary>The size of a tile with one thread per element; folds at compile time.</summary>
internal interface ISmallTile
{
    /// <summary>Rows and columns of the tile, and features staged at a time.</summary>
    static abstract int Edge { get; }
}
