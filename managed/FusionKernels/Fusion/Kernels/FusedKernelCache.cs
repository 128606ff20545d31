using System.Numerics;

namespace FusionKernels;

/// <summary>The kernels of the views that were fitted last, with their Gram matrices, so that strategies compared on the same rows share them. Thread-safe.</summary>
internal sealed class FusedKernelCache
{
    private readonly Lock _one = new();
    private Views? _views;
    private object? _kernel;

    /// <summary>The kernels of views, with the defaults and equal weights.</summary>
    public FusedKernel<T> Of<T>(Views views, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        lock (_one)
        {
            if (!ReferenceEquals(views, _views) || _kernel is not FusedKernel<T>)
            {
                _kernel = KernelFusionFit.Kernels<T>(views, options);
                _views = views;
            }

            return (FusedKernel<T>)_kernel;
        }
    }
}
