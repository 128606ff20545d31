using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The kernel of step patterns, for callers that know the element but not the lane.</summary>
internal abstract class WarpingPatternKernels<T> : IWarpingKernel
    where T : unmanaged
{
    private static readonly WarpingPatternKernels<T>[] s_teams = [Create<WarpTeam>(), Create<GroupTeam>(), Create<LoneTeam>()];

    /// <summary>All of this element.</summary>
    public static IEnumerable<DeviceKernel> All => s_teams.Select(team => team.Kernel);

    /// <summary>The kernel of this element for a kind of team.</summary>
    public static WarpingPatternKernels<T> Of(WarpingTeamKind team) => s_teams[(int)team];

    /// <inheritdoc/>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public abstract void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, ExecutionTrace? trace);

    private static WarpingPatternKernels<T> Create<TTeam>()
        where TTeam : unmanaged, IWarpingTeam =>
        DeviceLane.Create<WarpingPatternKernels<T>>(typeof(LaneWarpingPatternKernels<,,>), typeof(T), typeof(TTeam));
}

/// <summary>The kernel of step patterns with one lane.</summary>
internal sealed class LaneWarpingPatternKernels<V, T, TTeam> : WarpingPatternKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TTeam : unmanaged, IWarpingTeam
{
    private static readonly Action<
        ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<DeviceSeries<T>>, ArrayView<DeviceWindow>, ArrayView<int>, ArrayView<T>, ArrayView<int>, ArrayView<T>, WarpingShape> s_run =
        WarpingPatternKernel.Run<V, T, TTeam>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false) with
    {
        NeedsShuffles = TTeam.Kind == WarpingTeamKind.Warp,
        ReplacesShuffles = TTeam.Kind != WarpingTeamKind.Warp,
    };

    /// <inheritdoc/>
    public override void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(
            config,
            arguments.X,
            arguments.Y,
            arguments.StepValues,
            arguments.Pattern,
            arguments.Series,
            arguments.Windows,
            arguments.Bits,
            arguments.Work,
            arguments.Choices,
            arguments.Result,
            arguments.Shape);
    }
}
