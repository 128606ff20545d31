namespace FusionKernels.Kernels.Products;

/// <summary>The device kernels of one element, term and function, for callers that know none of them.</summary>
internal interface IProductKernels
{
    /// <summary>The kernels of tiled products.</summary>
    IReadOnlyList<DeviceKernel> OfTiles { get; }

    /// <summary>The kernel of products row by row.</summary>
    DeviceKernel OfRows { get; }
}
