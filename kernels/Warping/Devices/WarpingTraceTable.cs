using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Rules;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The kernels that follow paths, one for every rule that takes the least of its neighbours.</summary>
/// <typeparam name="T">The element.</typeparam>
internal static class WarpingTraceTable<T>
    where T : unmanaged
{
    private static readonly Dictionary<Type, IWarpingKernel> s_kernels = new()
    {
        [typeof(Symmetric1Rule<T>)] = Of<Symmetric1Rule<T>>(),
        [typeof(Symmetric2Rule<T>)] = Of<Symmetric2Rule<T>>(),
        [typeof(AmercedRule<T>)] = Of<AmercedRule<T>>(),
        [typeof(FrechetRule<T>)] = Of<FrechetRule<T>>(),
        [typeof(WeightedRule<T>)] = Of<WeightedRule<T>>(),
        [typeof(GapRule<T>)] = Of<GapRule<T>>(),
        [typeof(CommonSubsequenceRule<T>)] = Of<CommonSubsequenceRule<T>>(),
        [typeof(EditRule<T>)] = Of<EditRule<T>>(),
        [typeof(MoveSplitMergeRule<T>)] = Of<MoveSplitMergeRule<T>>(),
        [typeof(TimeWarpEditRule<T>)] = Of<TimeWarpEditRule<T>>(),
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<DeviceKernel> All => s_kernels.Values.Select(kernel => kernel.Kernel);

    /// <summary>That of a rule.</summary>
    /// <exception cref="KeyNotFoundException">The rule has no best path.</exception>
    public static WarpingTraceKernels<T, TRule> Get<TRule>()
        where TRule : unmanaged, IWarpingRule<T> => (WarpingTraceKernels<T, TRule>)s_kernels[typeof(TRule)];

    private static WarpingTraceKernels<T, TRule> Of<TRule>()
        where TRule : unmanaged, IWarpingRule<T> => DeviceLane.Create<WarpingTraceKernels<T, TRule>>(typeof(LaneWarpingTraceKernels<,,>), typeof(T), typeof(TRule));
}

/// <summary>The kernel that follows paths by one rule, for callers that know the element but not the lane.</summary>
internal abstract class WarpingTraceKernels<T, TRule> : IWarpingKernel
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <inheritdoc/>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public abstract void Launch(
        AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, TRule rule, ExecutionTrace? trace);
}

/// <summary>The same with one lane.</summary>
internal sealed class LaneWarpingTraceKernels<V, T, TRule> : WarpingTraceKernels<T, TRule>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    private static readonly Action<
        ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<DeviceSeries<T>>, ArrayView<DeviceWindow>, ArrayView<int>, ArrayView<T>, ArrayView<T>,
        ArrayView<int>, ArrayView<int>, WarpingShape, WarpingBlock, TRule> s_run = WarpingTraceKernel.Run<V, T, TRule>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, TRule rule, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            config,
            arguments.X,
            arguments.Y,
            arguments.StepValues,
            arguments.Lags,
            arguments.Series,
            arguments.Windows,
            arguments.Bits,
            arguments.Work,
            arguments.Result,
            steps.Moves,
            steps.States,
            arguments.Shape,
            steps.Block,
            rule);
    }
}
