namespace FusionKernels.Kernels.Products;

/// <summary>4 x 4: for devices whose groups have fewer than 256 threads, as simulated ones.</summary>
internal readonly struct Tile4 : ISmallTile
{
    /// <inheritdoc/>
    public static int Edge => 4;
}
