using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Moving;

/// <summary>The device kernels of this family in every form that they are launched in.</summary>
internal static class MovingKernels
{
    /// <summary>The kernels of one element.</summary>
    public static IEnumerable<DeviceKernel> Of<T>()
        where T : unmanaged =>
    [
        MovingKernels<T, MeanRule<T>>.Instance.Kernel,
        MovingKernels<T, DeviationRule<T>>.Instance.Kernel,
        MovingKernels<T, MinimumRule<T>>.Instance.Kernel,
        MovingKernels<T, MaximumRule<T>>.Instance.Kernel,
    ];
}

/// <summary>The device kernel of one rule, for callers that know the element but not the lane.</summary>
internal abstract class MovingKernels<T, TRule>
    where T : unmanaged
    where TRule : struct, IMovingRule<T>
{
    private const int GroupSize = 256;

    /// <summary>The kernel of this element and rule.</summary>
    public static MovingKernels<T, TRule> Instance { get; } = DeviceLane.Create<MovingKernels<T, TRule>>(typeof(LaneMovingKernels<,,>), typeof(T), typeof(TRule));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Computes all windows; the last launch may still run on return.</summary>
    public void Run(AcceleratorEngine engine, in DeviceMatrix<T> series, in DeviceMatrix<T> result, in MovingCall<T, TRule> call)
    {
        MovingPlan plan = call.Plan;
        MovingShape shape = new()
        {
            Count = (long)plan.Rows * plan.Windows,
            Windows = plan.Windows,
            Window = plan.Window,
            Series = series.Offset,
            SeriesStride = series.RowStride,
            Result = result.Offset,
            ResultStride = result.RowStride,
        };
        int groupSize = Math.Min(GroupSize, engine.MaxGroupSize);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(groupSize * plan.Flops(TRule.IsAroundMean) / shape.Count);
        for (; shape.First < shape.Count; shape.First += (long)groups * groupSize)
        {
            call.Settings.Cancellation.ThrowIfCancellationRequested();
            long wanted = (shape.Count - shape.First + groupSize - 1) / groupSize;
            Launch(engine, new KernelConfig((int)Math.Min(groups, wanted), groupSize), series.View, result.View, shape, call.Weight, call.Settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(AcceleratorEngine engine, KernelConfig config, ArrayView<T> series, ArrayView<T> result, in MovingShape shape, T weight, ExecutionTrace? trace);
}

/// <summary>The device kernel of one rule with one lane.</summary>
internal sealed class LaneMovingKernels<V, T, TRule> : MovingKernels<T, TRule>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TRule : struct, IMovingRule<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, MovingShape, T> s_run = MovingKernel.Run<V, T, TRule>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(AcceleratorEngine engine, KernelConfig config, ArrayView<T> series, ArrayView<T> result, in MovingShape shape, T weight, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, series, result, shape, weight);
    }
}
