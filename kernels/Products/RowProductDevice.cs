using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>Runs a <see cref="DeviceRowProduct{T}"/>, and what is one: matrix-vector products, norms, sums and means.</summary>
/// <remarks>On the engine's lane. Sums have one order on one device: from run to run the same bits.</remarks>
internal static class RowProductDevice
{
    /// <summary>result = function(x v), with v a vector of x's columns.</summary>
    public static void MatrixVector<T, TFunction>(
        AcceleratorEngine engine,
        in DeviceMatrix<T> x,
        in DeviceMatrix<T> vector,
        in DeviceMatrix<T> result,
        TFunction function,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T>
        where TFunction : unmanaged, ITileFunction<T> => Run<T, DotTerm<T>, TFunction>(
            engine,
            new()
            {
                X = x,
                Y = vector.View,
                YLayout = DeviceLayout.Of(vector.Offset, 0, vector.Columns == 1 ? vector.RowStride : vector.ColumnStride),
                Result = result.View,
                ResultLayout = DeviceLayout.Of(result.Offset, result.Columns == 1 ? result.RowStride : result.ColumnStride, 0),
            },
            function,
            settings);

    /// <summary>The squared norms of the rows, centred and scaled first where a centre is given.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="x">Rows x depth, the first matrix of the batch.</param>
    /// <param name="batch">Matrices.</param>
    /// <param name="batchStride">Elements from one matrix to the next.</param>
    /// <param name="centre">What is subtracted from each feature; invalid for nothing.</param>
    /// <param name="scale">What every centred feature is multiplied by.</param>
    /// <param name="norms">One value per row, matrix by matrix.</param>
    /// <param name="settings">The call's settings.</param>
    public static void SquaredNorms<T>(
        AcceleratorEngine engine,
        in DeviceMatrix<T> x,
        int batch,
        long batchStride,
        ArrayView<T> centre,
        T scale,
        ArrayView<T> norms,
        in RunSettings settings)
        where T : unmanaged, INumberBase<T> => Run<T, DotTerm<T>, Scaled<T>>(
            engine, OfItself(x, batch, batchStride, norms) with { Centre = centre, Scale = scale }, new Scaled<T>(T.One), settings);

    /// <summary>factor times the sum of each row; of a transposed matrix, of each column.</summary>
    public static void RowSums<T>(AcceleratorEngine engine, in DeviceMatrix<T> x, T factor, ArrayView<T> sums, in RunSettings settings)
        where T : unmanaged, INumberBase<T> => Run<T, SumTerm<T>, Scaled<T>>(engine, OfItself(x, 1, 0, sums), new Scaled<T>(factor), settings);

    /// <summary>For each row of features of 0 or more 0, above 0 where a feature is negative.</summary>
    public static void Negatives<T>(AcceleratorEngine engine, in DeviceMatrix<T> x, ArrayView<T> sums, in RunSettings settings)
        where T : unmanaged, INumberBase<T> => Run<T, NegativeTerm<T>, Scaled<T>>(engine, OfItself(x, 1, 0, sums), new Scaled<T>(T.One), settings);

    /// <summary>Launches the whole product. The last launch may still run on return.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two launches; the result is then unfinished.</exception>
    public static void Run<T, TTerm, TFunction>(
        AcceleratorEngine engine, in DeviceRowProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged, INumberBase<T>
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        int rows = product.X.Rows;
        if (rows == 0 || product.Batch == 0) return;
        DeviceLimits limits = DeviceLimits.Of(engine);
        RowArguments<T> arguments = Arguments(product);
        bool alongRows = arguments.Shape.X.AlongRows != 0;
        RowDevicePlan plan = RowDevicePlan.Choose(limits, rows, product.X.Columns, product.Batch, alongRows, mayChunk: true);
        if (plan.Chunks == 1)
        {
            Launch<T, TTerm, TFunction>(engine, plan, arguments, product.Batch, function, settings);
            return;
        }

        using DeviceMatrix<T> partial = engine.Temporary<T>(checked(rows * product.Batch), plan.Chunks, settings);
        RowArguments<T> first = arguments;
        first.Result = partial.View;
        first.Shape.Result = DeviceLayout.Of(partial, (long)rows * plan.Chunks);
        Launch<T, TTerm, Scaled<T>>(engine, plan, first, product.Batch, new Scaled<T>(T.One), settings);

        arguments.X = arguments.Y = partial.View;
        arguments.Shape.X = arguments.Shape.Y = first.Shape.Result;
        arguments.Shape.Depth = plan.Chunks;
        arguments.Shape.IsCentred = 0;
        plan = RowDevicePlan.Choose(limits, rows, plan.Chunks, product.Batch, alongRows: false, mayChunk: false);
        Launch<T, SumTerm<T>, TFunction>(engine, plan, arguments, product.Batch, function, settings);
    }

    private static void Launch<T, TTerm, TFunction>(
        AcceleratorEngine engine, in RowDevicePlan plan, RowArguments<T> arguments, int batch, TFunction function, in RunSettings settings)
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        arguments.Shape.ChunkDepth = plan.ChunkDepth;
        arguments.Shape.Chunks = plan.Chunks;
        arguments.Shape.RowsPerGroup = plan.RowsPerGroup;
        arguments.Shape.RowGroups = plan.RowGroups;
        long groups = (long)plan.RowGroups * plan.Chunks * batch;
        for (long first = 0; first < groups; first += plan.GroupsPerLaunch)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            arguments.Shape.FirstGroup = first;
            KernelConfig config = new((int)Math.Min(plan.GroupsPerLaunch, groups - first), plan.GroupSize);
            ProductKernels<T, TTerm, TFunction>.Instance.Launch(engine, config, arguments, function, settings.Trace);
            if (groups > plan.GroupsPerLaunch) engine.Synchronize(settings.Trace);
        }
    }

    private static RowArguments<T> Arguments<T>(in DeviceRowProduct<T> product)
        where T : unmanaged => new()
        {
            X = product.X.View,
            Y = product.Y,
            Result = product.Result,
            Centre = product.Centre.IsValid ? product.Centre : product.X.View,
            Scale = product.Scale,
            Shape = new()
            {
                Rows = product.X.Rows,
                Depth = product.X.Columns,
                IsCentred = product.Centre.IsValid ? 1 : 0,
                X = DeviceLayout.Of(product.X, product.XBatchStride),
                Y = product.YLayout,
                Result = product.ResultLayout,
            },
        };

    private static DeviceRowProduct<T> OfItself<T>(in DeviceMatrix<T> x, int batch, long batchStride, ArrayView<T> result)
        where T : unmanaged => new()
        {
            X = x,
            XBatchStride = batchStride,
            Batch = batch,
            Y = x.View,
            YLayout = DeviceLayout.Of(x, batchStride),
            Result = result,
            ResultLayout = DeviceLayout.Of(0, 1, 0, x.Rows),
        };
}
