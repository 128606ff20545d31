namespace FusionKernels.Kernels.Products;

/// <summary>The device kernels of one element, term and function, for callers that know none of them.</summary>
internal interface IProductKernels
{
    /// <summary>Every kernel.</summary>
    IReadOnlyList<DeviceKernel> All { get; }
}
