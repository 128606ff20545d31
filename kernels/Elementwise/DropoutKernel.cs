using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Dropout: a thread owns one counter of the generator and its four elements. No shared memory.</summary>
internal static class DropoutKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="result">Memory of the result.</param>
    /// <param name="a">Memory of the operand.</param>
    /// <param name="shape">Sizes, places and the mask.</param>
    /// <param name="scale">Factor of what is kept.</param>
    public static void Run<V, T>(ArrayView<T> result, ArrayView<T> a, DropoutShape shape, T scale)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long counter = shape.First + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        long block = counter / DropoutMask.Counters;
        long i = (block * DropoutMask.Elements) + (counter - (block * DropoutMask.Counters));
        if (i >= shape.Count) return;
        Philox<Word> drawn = shape.Mask.Draw(new Word((uint)counter), (uint)(counter >> 32));
        Keep<V, T>(result, a, shape, scale, i, drawn.First.Value);
        Keep<V, T>(result, a, shape, scale, i + DropoutMask.Counters, drawn.Second.Value);
        Keep<V, T>(result, a, shape, scale, i + (2 * DropoutMask.Counters), drawn.Third.Value);
        Keep<V, T>(result, a, shape, scale, i + (3 * DropoutMask.Counters), drawn.Fourth.Value);
    }

    private static void Keep<V, T>(ArrayView<T> result, ArrayView<T> a, DropoutShape shape, T scale, long i, uint word)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (i >= shape.Count) return;
        V value = V.Constant(0);
        if (word >= shape.Mask.Threshold) value = V.Broadcast(a[shape.A + i]) * V.Broadcast(scale);
        if (shape.Adds != 0) value = V.Broadcast(result[shape.Result + i]) + value;
        result.Cast<V>()[shape.Result + i] = value;
    }
}

/// <summary>Sizes, places and the mask of dropout, as a kernel argument.</summary>
internal struct DropoutShape
{
    /// <summary>The first counter of this launch.</summary>
    public long First;

    /// <summary>Elements.</summary>
    public long Count;

    /// <summary>The first element of the result.</summary>
    public long Result;

    /// <summary>The first element of the operand.</summary>
    public long A;

    /// <summary>What is kept.</summary>
    public DropoutMask Mask;

    /// <summary>1 where values are added to what stands there.</summary>
    public int Adds;
}

/// <summary>The device kernel of dropout, for callers that know the element but not the lane.</summary>
internal abstract class DropoutKernels<T>
    where T : unmanaged
{
    private const double FlopsPerThread = 200;

    /// <summary>The kernel of this element.</summary>
    public static DropoutKernels<T> Instance { get; } = DeviceLane.Create<DropoutKernels<T>>(typeof(LaneDropoutKernels<,>), typeof(T));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Computes the whole result; the last launch may still run on return.</summary>
    public void Run(AcceleratorEngine engine, ArrayView<T> result, ArrayView<T> a, DropoutShape shape, T scale, in RunSettings settings)
    {
        int groupSize = Math.Min(DropoutKernel.GroupSize, engine.MaxGroupSize);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(groupSize * FlopsPerThread);
        long counters = (shape.Count + DropoutMask.Elements - 1) / DropoutMask.Elements * DropoutMask.Counters;
        for (; shape.First < counters; shape.First += (long)groups * groupSize)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(groups, (counters - shape.First + groupSize - 1) / groupSize);
            Launch(engine, new KernelConfig(wanted, groupSize), result, a, shape, scale, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> result, ArrayView<T> a, in DropoutShape shape, T scale, ExecutionTrace? trace);
}

/// <summary>The device kernel of dropout with one lane.</summary>
internal sealed class LaneDropoutKernels<V, T> : DropoutKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, DropoutShape, T> s_run = DropoutKernel.Run<V, T>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> result, ArrayView<T> a, in DropoutShape shape, T scale, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, result, a, shape, scale);
    }
}
