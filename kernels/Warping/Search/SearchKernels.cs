using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A launch of one of the kernels that take some windows further.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="engine">Where.</param>
/// <param name="config">How many threads.</param>
/// <param name="search">The windows.</param>
/// <param name="trace">Told what runs.</param>
internal delegate void SearchLaunch<T>(AcceleratorEngine engine, KernelConfig config, in SearchArguments<T> search, ExecutionTrace? trace)
    where T : unmanaged;

/// <summary>The kernels of a search for a point cost, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class SearchKernels<T>
    where T : unmanaged
{
    private static readonly SearchKernels<T> s_squared = Create(typeof(SquaredCost<T>)), s_absolute = Create(typeof(AbsoluteCost<T>));

    /// <summary>The kernels of both costs.</summary>
    public static DeviceKernel[] All => [.. s_squared.OfCost, .. s_absolute.OfCost];

    /// <summary>The kernels.</summary>
    protected abstract DeviceKernel[] OfCost { get; }

    /// <summary>Those of a cost; of one channel the Euclidean cost is the absolute one.</summary>
    public static SearchKernels<T> Of(PointCost cost) => cost == PointCost.SquaredEuclidean ? s_squared : s_absolute;

    /// <summary>Launches <see cref="SearchWindowKernel"/>; it is compiled for the engine at its first use, as are the others.</summary>
    public abstract void Windows(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> stream,
        ArrayView<T> moments,
        ArrayView<T> query,
        ArrayView<T> windows,
        ArrayView<T> bounds,
        int count,
        int length,
        bool normalizes,
        ExecutionTrace? trace);

    /// <summary>Launches <see cref="SearchBoundKernel"/>.</summary>
    public abstract void Bounds(AcceleratorEngine engine, KernelConfig config, in SearchArguments<T> search, ExecutionTrace? trace);

    /// <summary>Launches <see cref="SearchAlignmentKernel"/>.</summary>
    public abstract void Alignments(AcceleratorEngine engine, KernelConfig config, in SearchArguments<T> search, ExecutionTrace? trace);

    private static SearchKernels<T> Create(Type cost) => DeviceLane.Create<SearchKernels<T>>(typeof(LaneSearchKernels<,,>), typeof(T), cost);
}

/// <summary>The same with one lane.</summary>
internal sealed class LaneSearchKernels<V, T, TCost> : SearchKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, int, int, int> s_windows = SearchWindowKernel.Run<V, T, TCost>;

    private static readonly Action<SearchArguments<T>> s_bounds = SearchBoundKernel.Run<V, T, TCost>, s_alignments = SearchAlignmentKernel.Run<V, T, TCost>;

    private static readonly DeviceKernel s_ofWindows = DeviceKernel.Of(s_windows, V.IsDouble, isHot: false);
    private static readonly DeviceKernel s_ofBounds = DeviceKernel.Of(s_bounds, V.IsDouble, isHot: false);
    private static readonly DeviceKernel s_ofAlignments = DeviceKernel.Of(s_alignments, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override DeviceKernel[] OfCost => [s_ofWindows, s_ofBounds, s_ofAlignments];

    /// <inheritdoc/>
    public override void Windows(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> stream,
        ArrayView<T> moments,
        ArrayView<T> query,
        ArrayView<T> windows,
        ArrayView<T> bounds,
        int count,
        int length,
        bool normalizes,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_ofWindows.Name, s_ofWindows, static accelerator => accelerator.LoadStreamKernel(s_windows), trace);
        engine.Launching(s_ofWindows.Name);
        launcher(config, stream, moments, query, windows, bounds, count, length, normalizes ? 1 : 0);
    }

    /// <inheritdoc/>
    public override void Bounds(AcceleratorEngine engine, KernelConfig config, in SearchArguments<T> search, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_ofBounds.Name, s_ofBounds, static accelerator => accelerator.LoadStreamKernel(s_bounds), trace);
        engine.Launching(s_ofBounds.Name);
        launcher(config, search);
    }

    /// <inheritdoc/>
    public override void Alignments(AcceleratorEngine engine, KernelConfig config, in SearchArguments<T> search, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_ofAlignments.Name, s_ofAlignments, static accelerator => accelerator.LoadStreamKernel(s_alignments), trace);
        engine.Launching(s_ofAlignments.Name);
        launcher(config, search);
    }
}
