using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The device kernels of graphs, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class GraphKernels<T>
    where T : unmanaged
{
    /// <summary>The kernels of this element.</summary>
    public static GraphKernels<T> Instance { get; } = DeviceLane.Create<GraphKernels<T>>(typeof(LaneGraphKernels<,>), typeof(T));

    /// <summary>The kernels, for the code generation suite.</summary>
    public abstract IReadOnlyList<DeviceKernel> All { get; }

    /// <summary>Multiplies; operands of the shape: values, dense, result.</summary>
    public abstract void Multiply(
        AcceleratorEngine engine, in DevicePattern pattern, ArrayView<T> values, ArrayView<T> dense, ArrayView<T> result, GraphShape shape, double alpha, double beta, double steps, RunSettings settings);

    /// <summary>One step over entries; operands of the shape: first, second, result.</summary>
    public abstract void Entries(
        AcceleratorEngine engine, EntryStep step, in DevicePattern pattern, ArrayView<T> first, ArrayView<T> second, ArrayView<T> result, GraphShape shape, double slope, double steps, RunSettings settings);

    /// <summary>Maxima or their gradient; operands of the shape: dense, entries, result.</summary>
    public abstract void Maximum(
        AcceleratorEngine engine, bool isGradient, in DevicePattern pattern, ArrayView<T> dense, ArrayView<int> entries, ArrayView<T> result, GraphShape shape, double steps, RunSettings settings);

    /// <summary>Launches a thread for each element, as many at once as a launch may take.</summary>
    /// <param name="engine">The device.</param>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="shape">Sizes; its begin moves.</param>
    /// <param name="steps">Multiply-adds of an element.</param>
    /// <param name="launch">Launches.</param>
    /// <param name="settings">How to run.</param>
    protected static void Launch(AcceleratorEngine engine, string kernel, GraphShape shape, double steps, Action<KernelConfig, GraphShape> launch, in RunSettings settings)
    {
        const int Threads = 128; // no shared memory and few registers: any size fills a multiprocessor
        int threads = Math.Min(Threads, engine.MaxGroupSize);
        long groups = (shape.Count + threads - 1) / threads, most = DeviceLimits.Of(engine).GroupsPerLaunch((steps + 1) * 2 * threads);
        for (long first = 0; first < groups; first += most)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            shape.Begin = first * threads;
            engine.Launching(kernel);
            launch(new KernelConfig((int)Math.Min(most, groups - first), threads), shape);
            if (groups > most) engine.Synchronize(settings.Trace);
        }
    }
}
