using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>The device kernel of one elementwise function, for callers that know the element but not the lane.</summary>
internal abstract class MapKernels<T, TFunction>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    private const double FlopsPerElement = 30;

    /// <summary>The kernel of this element and function.</summary>
    public static MapKernels<T, TFunction> Instance { get; } =
        DeviceLane.Create<MapKernels<T, TFunction>>(typeof(LaneMapKernels<,,>), typeof(T), typeof(TFunction));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Computes the whole result; the last launch may still run on return.</summary>
    public void Map(
        AcceleratorEngine engine,
        in DeviceMatrix<T> result,
        in DeviceMatrix<T> a,
        in DeviceMatrix<T> b,
        in DeviceMatrix<T> c,
        in DeviceMatrix<T> d,
        TFunction function,
        bool adds,
        in RunSettings settings)
    {
        int groupSize = Math.Min(MapKernel.GroupSize, engine.MaxGroupSize);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(groupSize * FlopsPerElement);
        MapShape shape = new()
        {
            Elements = (long)result.Rows * result.Columns,
            Columns = result.Columns,
            Adds = adds ? 1 : 0,
            Result = ElementPlace.Of(result),
            A = ElementPlace.Of(a),
            B = TFunction.Inputs > 1 ? ElementPlace.Of(b) : default,
            C = TFunction.Inputs > 2 ? ElementPlace.Of(c) : default,
            D = TFunction.Inputs > 3 ? ElementPlace.Of(d) : default,
        };
        ArrayView<T> second = TFunction.Inputs > 1 ? b.View : a.View, third = TFunction.Inputs > 2 ? c.View : a.View, fourth = TFunction.Inputs > 3 ? d.View : a.View;
        for (; shape.First < shape.Elements; shape.First += (long)groups * groupSize)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(groups, (shape.Elements - shape.First + groupSize - 1) / groupSize);
            Launch(engine, new KernelConfig(wanted, groupSize), result.View, a.View, second, third, fourth, shape, function, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> a,
        ArrayView<T> b,
        ArrayView<T> c,
        ArrayView<T> d,
        in MapShape shape,
        TFunction function,
        ExecutionTrace? trace);
}

/// <summary>The device kernel of one elementwise function with one lane.</summary>
internal sealed class LaneMapKernels<V, T, TFunction> : MapKernels<T, TFunction>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, MapShape, TFunction> s_run =
        MapKernel.Run<V, T, TFunction>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> a,
        ArrayView<T> b,
        ArrayView<T> c,
        ArrayView<T> d,
        in MapShape shape,
        TFunction function,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, result, a, b, c, d, shape, function);
    }
}
