namespace FusionKernels.Kernels.Products;

/// <summary>8 x 8: for devices whose groups have fewer than 256 threads.</summary>
internal readonly struct Tile8 : ISmallTile
{
    /// <inheritdoc/>
    public static int Edge => 8;
}
