using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The kernel that follows paths of step patterns, which reads no elements.</summary>
internal static class WarpingPatternTraceKernels
{
    private static readonly Action<ArrayView<int>, ArrayView<int>, ArrayView<int>, ArrayView<int>, WarpingShape, WarpingBlock> s_run = WarpingPatternTraceKernel.Run;

    /// <summary>The kernel.</summary>
    public static DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <summary>Launches it; it is compiled for the engine at its first use.</summary>
    public static void Launch<T>(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, ExecutionTrace? trace)
        where T : unmanaged
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, arguments.Pattern, arguments.Choices, steps.Moves, steps.States, arguments.Shape, steps.Block);
    }
}
