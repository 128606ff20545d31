using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The kernels of Jacobi's methods, for callers that know the element but not the lane.</summary>
/// <typeparam name="T">The element.</typeparam>
internal abstract class JacobiKernels<T>
    where T : unmanaged
{
    /// <summary>The kernels of this element.</summary>
    public static JacobiKernels<T> Instance { get; } = DeviceLane.Create<JacobiKernels<T>>(typeof(LaneJacobiKernels<,>), typeof(T));

    /// <summary>All of them.</summary>
    public abstract IReadOnlyList<DeviceKernel> All { get; }

    /// <summary>Launches <see cref="JacobiEigenKernel"/> in the smallest form that has room for the order.</summary>
    public abstract void Eigen(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> matrix,
        ArrayView<T> values,
        ArrayView<T> vectors,
        ArrayView<int> outcomes,
        in JacobiShape shape,
        T tolerance,
        T floor,
        ExecutionTrace? trace);

    /// <summary>Launches <see cref="JacobiMeasureKernel"/>.</summary>
    public abstract void Measure(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrix, ArrayView<T> result, ArrayView<T> floors, in JacobiMeasureShape shape, ExecutionTrace? trace);

    /// <summary>Launches <see cref="JacobiPlaceKernel"/>.</summary>
    public abstract void Place(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> source,
        ArrayView<T> target,
        ArrayView<T> powers,
        in JacobiPlaceShape shape,
        T identity,
        ExecutionTrace? trace);

    /// <summary>Launches <see cref="JacobiColumnsKernel"/>.</summary>
    public abstract void Columns(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> source,
        ArrayView<T> target,
        ArrayView<int> rows,
        ArrayView<T> factors,
        ArrayView<T> signs,
        in JacobiColumnsShape shape,
        ExecutionTrace? trace);
}

/// <summary>The kernels of Jacobi's methods with one lane.</summary>
internal sealed class LaneJacobiKernels<V, T> : JacobiKernels<T>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
{
    private static readonly EigenForm[] s_forms =
    [
        new(Order16.Order, JacobiEigenKernel.Run<V, T, Order16>),
        new(Order32.Order, JacobiEigenKernel.Run<V, T, Order32>),
        V.IsDouble ? new(Order48.Order, JacobiEigenKernel.Run<V, T, Order48>) : new(Order64.Order, JacobiEigenKernel.Run<V, T, Order64>),
    ];

    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, JacobiMeasureShape> s_measure = JacobiMeasureKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, JacobiPlaceShape, T> s_place = JacobiPlaceKernel.Run<V, T>;
    private static readonly Action<ArrayView<T>, ArrayView<T>, ArrayView<int>, ArrayView<T>, ArrayView<T>, JacobiColumnsShape> s_columns =
        JacobiColumnsKernel.Run<V, T>;

    private static readonly DeviceKernel s_measureKernel = DeviceKernel.Of(s_measure, V.IsDouble, isHot: false);
    private static readonly DeviceKernel s_placeKernel = DeviceKernel.Of(s_place, V.IsDouble, isHot: false);
    private static readonly DeviceKernel s_columnsKernel = DeviceKernel.Of(s_columns, V.IsDouble, isHot: false);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceKernel> All { get; } =
        [.. s_forms.Select(form => form.Kernel), s_measureKernel, s_placeKernel, s_columnsKernel];

    /// <inheritdoc/>
    public override void Eigen(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> matrix,
        ArrayView<T> values,
        ArrayView<T> vectors,
        ArrayView<int> outcomes,
        in JacobiShape shape,
        T tolerance,
        T floor,
        ExecutionTrace? trace)
    {
        int order = shape.Order;
        EigenForm form = s_forms.First(one => one.Order >= order);
        var launcher = engine.Kernel(form.Kernel.Name, form, form.Load, trace);
        engine.Launching(form.Kernel.Name);
        launcher(config, matrix, values, vectors, outcomes, shape, tolerance, floor);
    }

    /// <inheritdoc/>
    public override void Measure(
        AcceleratorEngine engine, KernelConfig config, ArrayView<T> matrix, ArrayView<T> result, ArrayView<T> floors, in JacobiMeasureShape shape, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_measureKernel.Name, s_measureKernel, static accelerator => accelerator.LoadStreamKernel(s_measure), trace);
        engine.Launching(s_measureKernel.Name);
        launcher(config, matrix, result, floors, shape);
    }

    /// <inheritdoc/>
    public override void Place(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> source,
        ArrayView<T> target,
        ArrayView<T> powers,
        in JacobiPlaceShape shape,
        T identity,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_placeKernel.Name, s_placeKernel, static accelerator => accelerator.LoadStreamKernel(s_place), trace);
        engine.Launching(s_placeKernel.Name);
        launcher(config, source, target, powers, shape, identity);
    }

    /// <inheritdoc/>
    public override void Columns(
        AcceleratorEngine engine,
        KernelConfig config,
        ArrayView<T> source,
        ArrayView<T> target,
        ArrayView<int> rows,
        ArrayView<T> factors,
        ArrayView<T> signs,
        in JacobiColumnsShape shape,
        ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_columnsKernel.Name, s_columnsKernel, static accelerator => accelerator.LoadStreamKernel(s_columns), trace);
        engine.Launching(s_columnsKernel.Name);
        launcher(config, source, target, rows, factors, signs, shape);
    }

    /// <summary>One form of the eigenvalue kernel and how it is loaded.</summary>
    private sealed class EigenForm(
        int order, Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, JacobiShape, T, T> method)
    {
        public int Order { get; } = order;

        public DeviceKernel Kernel { get; } = DeviceKernel.Of(method, V.IsDouble, isHot: false);

        public Func<Accelerator, Action<KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<int>, JacobiShape, T, T>> Load { get; } =
            accelerator => accelerator.LoadStreamKernel(method);
    }
}
