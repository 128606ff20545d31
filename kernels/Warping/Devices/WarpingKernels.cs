using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>A form of the team kernel for one rule, for callers that know the element but not the lane.</summary>
internal abstract class WarpingKernels<T, TRule> : IWarpingKernel
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <inheritdoc/>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public abstract void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, TRule rule, ExecutionTrace? trace);
}

/// <summary>A form of the team kernel, for the code generation suite.</summary>
internal interface IWarpingKernel
{
    /// <summary>The kernel.</summary>
    DeviceKernel Kernel { get; }
}

/// <summary>A form of the team kernel with one lane.</summary>
internal sealed class LaneWarpingKernels<V, T, TRule, TCost, TForm, TTeam> : WarpingKernels<T, TRule>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
    where TCost : unmanaged, IPointCost<T>
    where TForm : unmanaged, IWarpingForm
    where TTeam : unmanaged, IWarpingTeam
{
    private static readonly Action<
        ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<DeviceSeries<T>>, ArrayView<DeviceWindow>, ArrayView<int>, ArrayView<T>, ArrayView<T>, WarpingShape, TRule> s_run =
        WarpingTeamKernel.Run<V, T, TCost, TRule, TForm, TTeam>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false) with
    {
        NeedsShuffles = TTeam.Kind == WarpingTeamKind.Warp,
        ReplacesShuffles = TTeam.Kind != WarpingTeamKind.Warp,
    };

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, TRule rule, ExecutionTrace? trace)
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
            arguments.Shape,
            rule);
    }
}
