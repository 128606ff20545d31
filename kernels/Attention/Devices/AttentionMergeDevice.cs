using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Launches of the merge.</summary>
internal static class AttentionMergeDevice
{
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, MergeShape> s_run = AttentionMergeKernel.Run;

    /// <summary>The kernel, for the code generation suite.</summary>
    public static DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, isDouble: false, isHot: false);

    /// <summary>Merges parts; the last launch may still run on return.</summary>
    public static void Run(
        AcceleratorEngine engine, ArrayView<float> parts, ArrayView<float> partSums, ArrayView<float> output, ArrayView<float> sums, MergeShape shape, in RunSettings settings)
    {
        int groupSize = Math.Min(AttentionMergeKernel.MaxGroupSize, engine.MaxGroupSize);
        ExecutionTrace? trace = settings.Trace;
        AttentionLaunches.InPieces(engine, shape.Rows, 40.0 * shape.Parts * Math.Max(groupSize, shape.Width), settings, (first, count) =>
        {
            var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
            engine.Launching(Kernel.Name);
            launcher(new KernelConfig(count, groupSize), parts, partSums, output, sums, shape with { FirstRow = first });
        });
    }
}
