using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Rows taken and added up by index: a thread owns one element of the result and adds its sources in their order. No shared memory.</summary>
internal static class IndexedKernel
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>The kernel.</summary>
    /// <param name="result">Memory of the rows that receive.</param>
    /// <param name="source">Memory of the rows that are taken.</param>
    /// <param name="sources">Rows that are taken.</param>
    /// <param name="targets">Rows that receive; anything where they are the first ones.</param>
    /// <param name="starts">Where the sources of each begin; anything where there is one each.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<V, T>(ArrayView<T> result, ArrayView<T> source, ArrayView<int> sources, ArrayView<int> targets, ArrayView<int> starts, IndexedShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.First + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long row = element / shape.Columns, column = element - (row * shape.Columns);
        long first = shape.HasStarts != 0 ? starts[shape.Starts + row] : row;
        long end = shape.HasStarts != 0 ? starts[shape.Starts + row + 1] : row + 1;
        long at = shape.Result.At(shape.HasTargets != 0 ? targets[shape.Targets + row] : row, column);
        V sum = V.Constant(0);
        if (shape.Adds != 0) sum = V.Broadcast(result[at]);
        for (long k = first; k < end; k++) sum += V.Broadcast(source[shape.Source.At(sources[shape.Sources + k], column)]);
        result.Cast<V>()[at] = sum;
    }
}

/// <summary>Sizes and places of rows taken by index, as a kernel argument.</summary>
internal struct IndexedShape
{
    /// <summary>The first element of this launch.</summary>
    public long First;

    /// <summary>Elements that receive.</summary>
    public long Count;

    /// <summary>Columns.</summary>
    public int Columns;

    /// <summary>1 where rows are added to what stands there.</summary>
    public int Adds;

    /// <summary>1 where the rows that receive are named.</summary>
    public int HasTargets;

    /// <summary>1 where they receive more or fewer than one row.</summary>
    public int HasStarts;

    /// <summary>Where the result lies.</summary>
    public ElementPlace Result;

    /// <summary>Where the source lies.</summary>
    public ElementPlace Source;

    /// <summary>The first index of a source.</summary>
    public long Sources;

    /// <summary>The first index of a target.</summary>
    public long Targets;

    /// <summary>The first start.</summary>
    public long Starts;
}

/// <summary>The device kernel of rows taken by index, for callers that know the element but not the lane.</summary>
internal abstract class IndexedKernels<T>
    where T : unmanaged
{
    private const double FlopsPerElement = 8;

    /// <summary>The kernel of this element.</summary>
    public static IndexedKernels<T> Instance { get; } = DeviceLane.Create<IndexedKernels<T>>(typeof(LaneIndexedKernels<,>), typeof(T));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Fills the rows; the last launch may still run on return.</summary>
    public void Run(
        AcceleratorEngine engine,
        ArrayView<T> result,
        ArrayView<T> source,
        ArrayView<int> sources,
        ArrayView<int> targets,
        ArrayView<int> starts,
        IndexedShape shape,
        in RunSettings settings)
    {
        int groupSize = Math.Min(IndexedKernel.GroupSize, engine.MaxGroupSize);
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(groupSize * FlopsPerElement);
        for (; shape.First < shape.Count; shape.First += (long)groups * groupSize)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(groups, (shape.Count - shape.First + groupSize - 1) / groupSize);
            Launch(engine, new KernelConfig(wanted, groupSize), result, source, sources, targets, starts, shape, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> source,
        ArrayView<int> sources,
        ArrayView<int> targets,
        ArrayView<int> starts,
        in IndexedShape shape,
        ExecutionTrace? trace);
}

/// <summary>The device kernel of rows taken by index with one lane.</summary>
internal sealed class LaneIndexedKernels<V, T> : IndexedKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<int>, ArrayView<int>, IndexedShape> s_run = IndexedKernel.Run<V, T>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> source,
        ArrayView<int> sources,
        ArrayView<int> targets,
        ArrayView<int> starts,
        in IndexedShape shape,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, result, source, sources, targets, starts, shape);
    }
}
