namespace FusionKernels.Kernels.Products;

/// <summary>16 x 16: one thread per element where a result is too small for bigger tiles to occupy the device.</summary>
internal readonly struct Tile16 : ISmallTile
{
    /// <inheritdoc/>
    public static int Edge => 16;
}
