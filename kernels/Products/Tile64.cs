namespace FusionKernels.Kernels.Products;

/// <summary>64 x 64, for float64, whose 128-edge accumulators would not fit the registers, and where a result is too small to occupy a device in bigger tiles; 34 KiB of shared memory in float64.</summary>
internal readonly struct Tile64 : ITileSize
{
    /// <inheritdoc/>
    public static int Edge => 64;

    /// <inheritdoc/>
    public static int Depth => 16;

    /// <inheritdoc/>
    public static bool IsWide => false;
}
