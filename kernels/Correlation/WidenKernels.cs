using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The device kernel that centres rows of float32 in float64.</summary>
internal sealed class WidenKernels : CentreLauncher<float, double>
{
    private static readonly Action<ArrayView<float>, ArrayView<double>, ArrayView<double>, CentreShape> s_run = WidenKernel.Run;

    private WidenKernels()
    {
    }

    /// <summary>The kernel.</summary>
    public static WidenKernels Instance { get; } = new();

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: true, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<float> rows, ArrayView<double> centre, ArrayView<double> target, in CentreShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, rows, centre, target, shape);
    }
}
