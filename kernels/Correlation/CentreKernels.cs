using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Correlation;

/// <summary>A device kernel that centres rows.</summary>
/// <typeparam name="TFrom">The element of the rows.</typeparam>
/// <typeparam name="T">The element of centres and results.</typeparam>
internal abstract class CentreLauncher<TFrom, T>
    where TFrom : unmanaged
    where T : unmanaged
{
    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Centres rows of one view; the launch may still run on return.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="view">The rows.</param>
    /// <param name="column">The view's first column among those of all views.</param>
    /// <param name="features">Columns of all views.</param>
    /// <param name="centre">Centres and scales of all columns.</param>
    /// <param name="target">Receives rows x features.</param>
    /// <param name="settings">How to run.</param>
    public void Centre(AcceleratorEngine engine, in DeviceMatrix<TFrom> view, int column, int features, ArrayView<T> centre, ArrayView<T> target, in RunSettings settings)
    {
        CentreShape shape = new()
        {
            Offset = view.Offset,
            RowStride = view.RowStride,
            ColumnStride = view.ColumnStride,
            Column = column,
            Columns = view.Columns,
            Features = features,
        };
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch(2.0 * view.Columns);
        for (; shape.First < view.Rows; shape.First += groups)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            KernelConfig config = new(Math.Min(groups, view.Rows - shape.First), Math.Min(CentreKernel.GroupSize, engine.MaxGroupSize));
            Launch(engine, config, view.View, centre, target, shape, settings.Trace);
        }
    }

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<TFrom> rows, ArrayView<T> centre, ArrayView<T> target, in CentreShape shape, ExecutionTrace? trace);
}

/// <summary>The kernel that keeps the element, for callers that know it but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class CentreKernels<T> : CentreLauncher<T, T>
    where T : unmanaged
{
    /// <summary>The kernel of this element.</summary>
    public static CentreKernels<T> Instance { get; } = DeviceLane.Create<CentreKernels<T>>(typeof(LaneCentreKernels<,>), typeof(T));
}

/// <summary>The device kernel that centres rows with one lane.</summary>
internal sealed class LaneCentreKernels<V, T> : CentreKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, CentreShape> s_run = CentreKernel.Run<V, T>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> rows, ArrayView<T> centre, ArrayView<T> target, in CentreShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, rows, centre, target, shape);
    }
}
