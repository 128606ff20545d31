using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>The device kernels of one term and one function, for callers that know the element but not the lane.</summary>
internal abstract class ProductKernels<T, TTerm, TFunction> : IProductKernels
    where T : unmanaged
    where TTerm : struct, IPairTerm<T>
    where TFunction : unmanaged, ITileFunction<T>
{
    /// <summary>The kernels of this element, term and function.</summary>
    public static ProductKernels<T, TTerm, TFunction> Instance { get; } = DeviceLane.Create<ProductKernels<T, TTerm, TFunction>>(
        typeof(LaneProductKernels<,,,>), typeof(T), typeof(TTerm), typeof(TFunction));

    /// <inheritdoc/>
    public abstract IReadOnlyList<DeviceKernel> OfTiles { get; }

    /// <inheritdoc/>
    public abstract DeviceKernel OfRows { get; }

    /// <summary>Launches a tiled product; the kernel is compiled for the engine at its first use.</summary>
    public abstract void Launch(
        AcceleratorEngine engine, ProductTile tile, KernelConfig config, in TiledArguments<T> arguments, TFunction function, ExecutionTrace? trace);

    /// <summary>Launches a product row by row.</summary>
    public abstract void Launch(
        AcceleratorEngine engine, KernelConfig config, in RowArguments<T> arguments, TFunction function, ExecutionTrace? trace);
}
