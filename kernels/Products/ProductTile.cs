namespace FusionKernels.Kernels.Products;

/// <summary>The device kernels of a tiled product, by the edge of their tiles.</summary>
internal enum ProductTile
{
    /// <summary><see cref="Tile8"/>: one element per thread, 64 threads.</summary>
    Edge8 = 8,

    /// <summary><see cref="Tile16"/>: one element per thread, 256 threads.</summary>
    Edge16 = 16,

    /// <summary><see cref="Tile64"/>: 4 x 4 elements per thread, 256 threads.</summary>
    Edge64 = 64,

    /// <summary><see cref="Tile128"/>: 8 x 8 elements per thread, 256 threads; float32 only.</summary>
    Edge128 = 128,
}
