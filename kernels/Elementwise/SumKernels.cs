using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>The device kernel of sums of one function, for callers that know the element but not the lane.</summary>
internal abstract class SumKernels<T, TFunction>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    private const double FlopsPerElement = 4;

    /// <summary>The kernel of this element and function.</summary>
    public static SumKernels<T, TFunction> Instance { get; } =
        DeviceLane.Create<SumKernels<T, TFunction>>(typeof(LaneSumKernels<,,>), typeof(T), typeof(TFunction));

    /// <summary>The kernel, for the code generation suite.</summary>
    public abstract DeviceKernel Kernel { get; }

    /// <summary>Computes all sums; the last launch may still run on return.</summary>
    public void Run(AcceleratorEngine engine, in DeviceMatrix<T> result, in DeviceMatrix<T> a, in DeviceMatrix<T> b, in SumCall<T, TFunction> call)
    {
        int groupSize = ElementGroups.PowerOfTwo(Math.Min(SumKernel.MaxGroupSize, engine.MaxGroupSize));
        ElementPlace second = TFunction.Inputs > 1 ? ElementPlace.Of(b) : default;
        bool ofColumns = call.OfColumns;
        SumShape shape = new()
        {
            Lines = ofColumns ? Math.Min(SumKernel.ColumnsAtOnce, groupSize) : 1,
            Count = ofColumns ? call.A.Columns : call.A.Rows,
            Length = ofColumns ? call.A.Rows : call.A.Columns,
            LastLength = ofColumns ? call.A.Rows : call.LastColumns == 0 ? call.A.Columns : call.LastColumns,
            Adds = call.Adds ? 1 : 0,
            Result = Line(ElementPlace.Of(result), ofColumns),
            A = Line(ElementPlace.Of(a), ofColumns),
            B = Line(second, ofColumns),
        };
        int groups = DeviceLimits.Of(engine).GroupsPerLaunch((double)shape.Lines * shape.Length * FlopsPerElement);
        ArrayView<T> other = TFunction.Inputs > 1 ? b.View : a.View;
        for (; shape.First < shape.Count; shape.First += groups * shape.Lines)
        {
            call.Settings.Cancellation.ThrowIfCancellationRequested();
            int wanted = Math.Min(groups, (shape.Count - shape.First + shape.Lines - 1) / shape.Lines);
            Launch(engine, new KernelConfig(wanted, groupSize), result.View, a.View, other, shape, Element.Of<T>(call.Factor), call.Function, call.Settings.Trace);
            if (wanted < groups) break;
        }
    }

    private static ElementPlace Line(ElementPlace place, bool isColumn) =>
        isColumn ? place with { RowStride = place.ColumnStride, ColumnStride = place.RowStride } : place;

    /// <summary>Launches the kernel.</summary>
    protected abstract void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> a,
        ArrayView<T> b,
        in SumShape shape,
        T factor,
        TFunction function,
        ExecutionTrace? trace);
}

/// <summary>The device kernel of sums of one function with one lane.</summary>
internal sealed class LaneSumKernels<V, T, TFunction> : SumKernels<T, TFunction>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, SumShape, T, TFunction> s_run = SumKernel.Run<V, T, TFunction>;

    /// <inheritdoc/>
    public override DeviceKernel Kernel { get; } = DeviceKernel.Of(s_run, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    protected override void Launch(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> result,
        ArrayView<T> a,
        ArrayView<T> b,
        in SumShape shape,
        T factor,
        TFunction function,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(Kernel.Name, Kernel, static accelerator => accelerator.LoadStreamKernel(s_run), trace);
        engine.Launching(Kernel.Name);
        launcher(config, result, a, b, shape, factor, function);
    }
}
