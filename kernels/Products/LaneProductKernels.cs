using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Products;

/// <summary>The device kernels of one lane, element, term and function: launching them, and naming them all.</summary>
internal sealed class LaneProductKernels<V, T, TTerm, TFunction> : ProductKernels<T, TTerm, TFunction>
    where V : unmanaged, IDeviceVector<V, T>
    where T : unmanaged
    where TTerm : struct, IPairTerm<T>
    where TFunction : unmanaged, ITileFunction<T>
{
    private static readonly Tiled s_tile128 = TTerm.IsShort
        ? new(TiledProductKernel.Run<V, T, TTerm, TFunction, Tile128, WrittenOutSteps>, isHot: true)
        : new(TiledProductKernel.Run<V, T, TTerm, TFunction, Tile128, LoopedSteps>, isHot: true);
    private static readonly Tiled s_tile64 = TTerm.IsShort
        ? new(TiledProductKernel.Run<V, T, TTerm, TFunction, Tile64, WrittenOutSteps>, isHot: true)
        : new(TiledProductKernel.Run<V, T, TTerm, TFunction, Tile64, LoopedSteps>, isHot: true);
    private static readonly Tiled s_tile16 = new(SmallProductKernel.Run<V, T, TTerm, TFunction, Tile16>, isHot: false);
    private static readonly Tiled s_tile8 = new(SmallProductKernel.Run<V, T, TTerm, TFunction, Tile8>, isHot: false);
    private static readonly Rows s_rows = new(RowProductKernel.Run<V, T, TTerm, TFunction>);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceKernel> OfTiles => V.IsDouble
        ? [s_tile64.Kernel, s_tile16.Kernel, s_tile8.Kernel]
        : [s_tile128.Kernel, s_tile64.Kernel, s_tile16.Kernel, s_tile8.Kernel];

    /// <inheritdoc/>
    public override DeviceKernel OfRows => s_rows.Kernel;

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine, ProductTile tile, KernelConfig config, in TiledArguments<T> arguments, TFunction function, ExecutionTrace? trace)
    {
        Tiled kernel = tile switch
        {
            ProductTile.Edge128 => s_tile128,
            ProductTile.Edge64 => s_tile64,
            ProductTile.Edge16 => s_tile16,
            _ => s_tile8,
        };
        var launcher = engine.Kernel(kernel.Name, kernel, kernel.Load, trace);
        engine.Launching(kernel.Name);
        launcher(
            config,
            arguments.X,
            arguments.Y,
            arguments.Result,
            arguments.RowValues,
            arguments.ColumnValues,
            arguments.Centre,
            arguments.Shape,
            arguments.Scale,
            function);
    }

    /// <inheritdoc/>
    public override void Launch(
        AcceleratorEngine engine, KernelConfig config, in RowArguments<T> arguments, TFunction function, ExecutionTrace? trace)
    {
        var launcher = engine.Kernel(s_rows.Name, s_rows, s_rows.Load, trace);
        engine.Launching(s_rows.Name);
        launcher(config, arguments.X, arguments.Y, arguments.Result, arguments.Centre, arguments.Shape, arguments.Scale, function);
    }

    /// <summary>A tiled kernel, how it is loaded and what it is called.</summary>
    private sealed class Tiled(
        Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TiledProductShape, T, TFunction> method,
        bool isHot)
    {
        public DeviceKernel Kernel { get; } = DeviceKernel.Of(method, V.IsDouble, isHot);

        public string Name => Kernel.Name;

        public Func<
            Accelerator,
            Action<KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, TiledProductShape, T, TFunction>>
            Load
        { get; } = accelerator => accelerator.LoadStreamKernel(method, DeviceKernel.Of(method, V.IsDouble, isHot).Specialization);
    }

    /// <summary>The kernel row by row.</summary>
    private sealed class Rows(Action<ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, RowProductShape, T, TFunction> method)
    {
        public DeviceKernel Kernel { get; } = DeviceKernel.Of(method, V.IsDouble, isHot: false);

        public string Name => Kernel.Name;

        public Func<Accelerator, Action<KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, ArrayView<T>, RowProductShape, T, TFunction>> Load
        {
            get;
        } = accelerator => accelerator.LoadStreamKernel(method);
    }
}
