using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>The kernel of a search's windows for a point cost, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class SearchWindowKernels<T>
    where T : unmanaged
{
    private static readonly SearchWindowKernels<T> s_squared = Create(typeof(SquaredCost<T>)), s_absolute = Create(typeof(AbsoluteCost<T>));

    /// <summary>The kernel.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>That of a cost; of one channel the Euclidean cost is the absolute one.</summary>
    public static SearchWindowKernels<T> Of(PointCost cost) => cost == PointCost.SquaredEuclidean ? s_squared : s_absolute;

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> stream,
        ArrayView<T> moments,
        ArrayView<T> envelope,
        ArrayView<T> windows,
        ArrayView<T> bounds,
        int count,
        int length,
        bool normalizes,
        ExecutionTrace? trace);

    private static SearchWindowKernels<T> Create(Type cost) => DeviceLane.Create<SearchWindowKernels<T>>(typeof(LaneSearchWindowKernels<,,>), typeof(T), cost);
}

/// <summary>The same with one lane.</summary>
internal sealed class LaneSearchWindowKernels<V, T, TCost> : SearchWindowKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, int, int, int> s_run = SearchWindowKernel.Run<V, T, TCost>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> stream,
        ArrayView<T> moments,
        ArrayView<T> envelope,
        ArrayView<T> windows,
        ArrayView<T> bounds,
        int count,
        int length,
        bool normalizes,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, stream, moments, envelope, windows, bounds, count, length, normalizes ? 1 : 0);
    }
}
