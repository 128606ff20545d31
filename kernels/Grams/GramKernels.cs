using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Grams;

/// <summary>The device kernel of composed Gram matrices, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class GramKernels<T>
    where T : unmanaged
{
    /// <summary>The kernel of this element.</summary>
    public static GramKernels<T> Instance { get; } = DeviceLane.Create<GramKernels<T>>(typeof(LaneGramKernels<,>), typeof(T));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Program { get; }

    /// <summary>Launches the program over one tile.</summary>
    public abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<DeviceGramOp<T>> ops,
        ArrayView<T> statistics,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        ArrayView<T> result,
        in GramProgramShape shape,
        ExecutionTrace? trace);
}

/// <summary>The device kernel of composed Gram matrices with one lane.</summary>
internal sealed class LaneGramKernels<V, T> : GramKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<DeviceGramOp<T>>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, GramProgramShape> s_run =
        GramProgramKernel.Run<V, T>;

    /// <inheritdoc/>
    public override DeviceKernel Program { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false) with { UsesLocalMemory = true };

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<DeviceGramOp<T>> ops,
        ArrayView<T> statistics,
        ArrayView<T> rowValues,
        ArrayView<T> columnValues,
        ArrayView<T> result,
        in GramProgramShape shape,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Program.Name, Program, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Program.Name);
        launcher(config, ops, statistics, rowValues, columnValues, result, shape);
    }
}
