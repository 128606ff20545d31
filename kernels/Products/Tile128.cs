namespace FusionKernels.Kernels.Products;

/// <summary>128 x 128, for float32: 64 multiply-adds of a thread share four 16-byte reads of shared memory; 16.5 KiB of it.</summary>
internal readonly struct Tile128 : ITileSize
{
    /// <inheritdoc/>
    public static int Edge => 128;

    /// <inheritdoc/>
    public static int Depth => 8;

    /// <inheritdoc/>
    public static bool IsWide => true;
}
