using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>The device kernel of one rule of rows, for callers that know the element but not the lane.</summary>
internal abstract class RowKernels<T, TRule>
    where T : unmanaged
    where TRule : unmanaged, IRowRule<T>
{
    private const double FlopsPerElement = 60;

    /// <summary>The kernel of this element and rule.</summary>
    public static RowKernels<T, TRule> Instance { get; } = DeviceLane.Create<RowKernels<T, TRule>>(typeof(LaneRowKernels<,,>), typeof(T), typeof(TRule));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Computes all rows; the last launch may still run on return.</summary>
    public void Run(AcceleratorEngine engine, in RowViews<T> views, RowShape shape, int rows, TRule rule, in RunSettings settings)
    {
        int groupSize = ElementGroups.PowerOfTwo(Math.Min(RowKernel.MaxGroupSize, engine.MaxGroupSize));
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(shape.Columns * FlopsPerElement);
        for (; shape.First < rows; shape.First += groups)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            Launch(engine, new KernelConfig(Math.Min(groups, rows - shape.First), groupSize), views, shape, rule, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(AcceleratorEngine engine, KernelConfig config, in RowViews<T> views, in RowShape shape, TRule rule, ExecutionTrace? trace);
}

/// <summary>The device kernel of one rule of rows with one lane.</summary>
internal sealed class LaneRowKernels<V, T, TRule> : RowKernels<T, TRule>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IRowRule<T>
{
    private static readonly Action<RowViews<T>, RowShape, TRule> s_run = RowKernel.Run<V, T, TRule>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(AcceleratorEngine engine, KernelConfig config, in RowViews<T> views, in RowShape shape, TRule rule, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, views, shape, rule);
    }
}

/// <summary>Sizes of groups.</summary>
internal static class ElementGroups
{
    /// <summary>The largest power of two up to a bound.</summary>
    public static int PowerOfTwo(int most) => 1 << System.Numerics.BitOperations.Log2((uint)most);
}
