using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Tests.Products;

/// <summary>A tiled product with a kernel of the test's choice, operands in device memory.</summary>
internal struct DeviceProductCall<T, TTerm, TFunction> : IEngineCall
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTerm : struct, IPairTerm<T>
    where TFunction : unmanaged, ITileFunction<T>
{
    public required StridedBatch<T> X { get; init; }

    public required StridedBatch<T> Y { get; init; }

    public required StridedBatch<T> Result { get; init; }

    public required DeviceBuffer<T> XBuffer { get; init; }

    public required DeviceBuffer<T> YBuffer { get; init; }

    public required DeviceBuffer<T> ResultBuffer { get; init; }

    public required TFunction Function { get; init; }

    public required ProductTile Tile { get; init; }

    public bool IsSymmetric { get; init; }

    public DeviceBuffer<T>? Centre { get; init; }

    public T Scale { get; init; }

    public int TilesPerLaunch { get; init; }

    public RunSettings Settings { get; init; }

    public readonly string Operation => Settings.Operation;

    public readonly void OnHost(HostEngine engine) => throw new NotSupportedException();

    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        using DeviceMatrix<T> x = engine.Read(X.In(XBuffer), Settings);
        using DeviceMatrix<T> y = engine.Read(Y.In(YBuffer), Settings);
        using DeviceMatrix<T> result = engine.Write(Result.In(ResultBuffer), Settings);
        using DeviceMatrix<T> rowNorms = engine.Temporary<T>(X.Rows, X.Batch, Settings);
        using DeviceMatrix<T> columnNorms = engine.Temporary<T>(Y.Rows, X.Batch, Settings);
        DeviceProduct<T> product = new()
        {
            X = x,
            Y = y,
            Result = result,
            Batch = X.Batch,
            XBatchStride = X.BatchStride,
            YBatchStride = Y.BatchStride,
            ResultBatchStride = Result.BatchStride,
            IsSymmetric = IsSymmetric,
            Centre = Centre is AcceleratorBuffer<T> centre ? centre.View : default,
            Scale = Scale,
        };
        if (TFunction.OfSquaredDistance)
        {
            RowProductDevice.SquaredNorms(engine, x, X.Batch, X.BatchStride, product.Centre, Scale, rowNorms.View, Settings);
            RowProductDevice.SquaredNorms(engine, y, X.Batch, Y.BatchStride, product.Centre, Scale, columnNorms.View, Settings);
            product = product with
            {
                RowValues = rowNorms.View,
                ColumnValues = columnNorms.View,
                RowValuesStride = X.Rows,
                ColumnValuesStride = Y.Rows,
            };
        }

        TiledDevicePlan plan = TiledDevicePlan.With(Tile, DeviceLimits.Of(engine), Result.Rows, Result.Columns, X.Columns, X.Batch, IsSymmetric);
        if (TilesPerLaunch > 0) plan = plan with { TilesPerLaunch = TilesPerLaunch };
        TiledProductDevice.Run<T, TTerm, TFunction>(engine, plan, product, Function, Settings);
    }
}
