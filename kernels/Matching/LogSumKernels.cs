using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Matching;

/// <summary>The device kernel of Sinkhorn's passes, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class LogSumKernels<T>
    where T : unmanaged
{
    /// <summary>The kernel of this element.</summary>
    public static LogSumKernels<T> Instance { get; } = DeviceLane.Create<LogSumKernels<T>>(typeof(LaneLogSumKernels<,>), typeof(T));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Adds a tile to the sums of its rows; the last launch may still run on return.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="tile">The tile, columns consecutive.</param>
    /// <param name="row">Its first row in the matrix.</param>
    /// <param name="column">Its first column in the matrix.</param>
    /// <param name="state">Potentials, maxima and sums.</param>
    /// <param name="factor">Factor of the scores.</param>
    /// <param name="settings">How to run.</param>
    public void Add(AcceleratorEngine engine, in DeviceMatrix<T> tile, int row, int column, LogSumState<T> state, double factor, in RunSettings settings)
    {
        const int FlopsPerElement = 40; // two exponents, one exponential
        int groupSize = 1;
        while (groupSize * 2 <= Math.Min(LogSumKernel.MaxGroupSize, engine.MaxGroupSize)) groupSize *= 2;
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch((double)tile.Columns * FlopsPerElement);
        LogSumShape shape = new() { Offset = tile.Offset, RowStride = tile.RowStride, Row = row, Column = column, Columns = tile.Columns };
        for (; shape.First < tile.Rows; shape.First += groups)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            Launch(engine, new KernelConfig(Math.Min(groups, tile.Rows - shape.First), groupSize), tile.View, state, shape, Element.Of<T>(factor), settings.Trace);
            if (tile.Rows > groups) engine.Synchronize(settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> scores, LogSumState<T> state, in LogSumShape shape, T factor, ExecutionTrace? trace);
}

/// <summary>The device kernel of Sinkhorn's passes with one lane.</summary>
internal sealed class LaneLogSumKernels<V, T> : LogSumKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, LogSumShape, T> s_run = LogSumKernel.Run<V, T>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> scores, LogSumState<T> state, in LogSumShape shape, T factor, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, scores, state.Potentials.View, state.Maxima.View, state.Sums.View, shape, factor);
    }
}
