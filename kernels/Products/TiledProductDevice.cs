using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Runs a <see cref="DeviceProduct{T}"/>, in launches short enough to be interrupted between.</summary>
internal static class TiledProductDevice
{
    /// <summary>Launches the whole product; on the engine's lane. The last launch may still run on return.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two launches; the result is then unfinished.</exception>
    public static void Run<T, TTerm, TFunction>(
        AcceleratorEngine engine, in DeviceProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        if (product.Result.Rows == 0 || product.Result.Columns == 0 || product.Batch == 0) return;
        TiledDevicePlan plan = Plan(engine, product);
        Run<T, TTerm, TFunction>(engine, plan, product, function, settings);
    }

    /// <summary>How the product will run.</summary>
    public static TiledDevicePlan Plan<T>(AcceleratorEngine engine, in DeviceProduct<T> product)
        where T : unmanaged => TiledDevicePlan.Choose(
            DeviceLimits.Of(engine),
            System.Runtime.CompilerServices.Unsafe.SizeOf<T>(),
            product.Result.Rows,
            product.Result.Columns,
            product.X.Columns,
            product.Batch,
            product.IsSymmetric);

    /// <summary>Launches the whole product by a given plan.</summary>
    public static void Run<T, TTerm, TFunction>(
        AcceleratorEngine engine, in TiledDevicePlan plan, in DeviceProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        TiledArguments<T> arguments = Arguments(plan, product);
        for (long first = 0; first < plan.Tiles; first += plan.TilesPerLaunch)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int groups = (int)Math.Min(plan.TilesPerLaunch, plan.Tiles - first);
            arguments.Shape.FirstTile = first;
            KernelConfig config = new(groups, plan.GroupSize);
            ProductKernels<T, TTerm, TFunction>.Instance.Launch(engine, plan.Tile, config, arguments, function, settings.Trace);

            // Progress that is told, and a cancellation that comes in time, need the work to be done, not just queued.
            if (plan.Tiles > plan.TilesPerLaunch) engine.Synchronize(settings.Trace);
            settings.Progress?.Report((double)(first + groups) / plan.Tiles);
            settings.Trace?.Tiles += 1;
        }

        settings.Trace?.Tiling = plan.ToString();
    }

    private static TiledArguments<T> Arguments<T>(in TiledDevicePlan plan, in DeviceProduct<T> product)
        where T : unmanaged => new()
        {
            X = product.X.View,
            Y = product.Y.View,
            Result = product.Result.View,
            RowValues = product.RowValues.IsValid ? product.RowValues : product.X.View,
            ColumnValues = product.RowValues.IsValid ? product.ColumnValues : product.X.View,
            Centre = product.Centre.IsValid ? product.Centre : product.X.View,
            Scale = product.Scale,
            Shape = new()
            {
                Rows = product.Result.Rows,
                Columns = product.Result.Columns,
                Depth = product.X.Columns,
                TileRows = plan.TileRows,
                TileColumns = plan.TileColumns,
                TilesPerMatrix = plan.TilesPerMatrix,
                IsSymmetric = product.IsSymmetric ? 1 : 0,
                IsCentred = product.Centre.IsValid ? 1 : 0,
                HasRowValues = product.RowValues.IsValid ? 1 : 0,
                X = DeviceLayout.Of(product.X, product.XBatchStride),
                Y = DeviceLayout.Of(product.Y, product.YBatchStride),
                Result = DeviceLayout.Of(product.Result, product.ResultBatchStride),
                RowValuesStride = product.RowValuesStride,
                ColumnValuesStride = product.ColumnValuesStride,
            },
        };
}
