using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// Runs matrix products on an accelerator: operands in host memory are staged whole; where they find no room, the call is
/// halved until they do.
/// </summary>
internal static unsafe class ProductsAccelerator
{
    /// <summary>Rows and columns below which a result is not halved any more: what is out of memory then is out of it for good.</summary>
    private const int SmallestExtent = 256;

    /// <summary>Runs the whole call.</summary>
    /// <exception cref="DeviceOutOfMemoryException">Even the smallest part finds no room.</exception>
    public static void Run<T>(AcceleratorEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        ProductPlan plan = call.Plan;
        if (plan.Count == 0 || plan.Rows == 0 || plan.Columns == 0) return;
        try
        {
            if (T.IsZero(call.Beta)) RunWhole(engine, call, new Scaled<T>(call.Alpha));
            else RunWhole(engine, call, new ScaledSum<T>(call.Alpha, call.Beta));
        }
        catch (DeviceOutOfMemoryException failure) when (call.X.Buffer is null || call.Y.Buffer is null || call.Result.Buffer is null)
        {
            call.Settings.Trace?.Retries += 1;
            if (plan.Count > 1) RunHalfBatches(engine, call);
            else if (plan.Symmetric && call.Result.Buffer is null && plan.Rows > SmallestExtent) RunSymmetricParts(engine, call);
            else if (!plan.Symmetric && Math.Max(plan.Rows, plan.Columns) > SmallestExtent) RunHalves(engine, call);
            else throw OutOfMemory(engine, plan, failure);
        }
    }

    private static void RunWhole<T, TFunction>(AcceleratorEngine engine, in ProductCall<T> call, TFunction function)
        where T : unmanaged, INumberBase<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        // As in BLAS, a factor of 0 leaves the operands unread.
        bool isEmpty = T.IsZero(call.Alpha);
        Operand<T> x = isEmpty ? call.X.ColumnRange(0, 0) : call.X;
        Operand<T> y = isEmpty ? call.Y.ColumnRange(0, 0) : call.Y;
        int count = call.Plan.Count;
        if (count == 1)
        {
            ProductsDevice.Run<T, DotTerm<T>, TFunction>(engine, x, y, call.Result, call.Plan.Symmetric, function, call.Settings);
        }
        else if (StagedBatch.IsStageable(x, call.Strides.A) && StagedBatch.IsStageable(y, call.Strides.B) && StagedBatch.IsStageable(call.Result, call.Strides.Result))
        {
            RunBatch(engine, call, x, y, function);
        }
        else
        {
            for (int item = 0; item < count; item++)
            {
                RunSettings settings = call.Settings with { Progress = PartialProgress.Of(call.Settings.Progress, item, count) };
                ProductsDevice.Run<T, DotTerm<T>, TFunction>(
                    engine,
                    x.Moved(item * call.Strides.A),
                    y.Moved(item * call.Strides.B),
                    call.Result.Moved(item * call.Strides.Result),
                    call.Plan.Symmetric,
                    function,
                    settings);
            }
        }
    }

    private static void RunBatch<T, TFunction>(
        AcceleratorEngine engine, in ProductCall<T> call, in Operand<T> x, in Operand<T> y, TFunction function)
        where T : unmanaged, INumberBase<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        RunSettings settings = call.Settings;
        (long xStride, long yStride, long stride) = (call.Strides.A, call.Strides.B, call.Strides.Result);
        int count = call.Plan.Count;
        Operand<T> output = StagedBatch.Of(call.Result, stride, count);
        using DeviceMatrix<T> left = engine.Read(StagedBatch.Of(x, xStride, count), settings);
        using DeviceMatrix<T> right = engine.Read(StagedBatch.Of(y, yStride, count), settings);
        using DeviceMatrix<T> result = TFunction.ReadsPrevious ? engine.Update(output, settings) : engine.Write(output, settings);
        DeviceProduct<T> product = new()
        {
            X = StagedBatch.FirstItem(left, x, ref xStride),
            Y = StagedBatch.FirstItem(right, y, ref yStride),
            Result = StagedBatch.FirstItem(result, call.Result, ref stride),
            Batch = count,
            XBatchStride = xStride,
            YBatchStride = yStride,
            ResultBatchStride = stride,
        };
        TiledProductDevice.Run<T, DotTerm<T>, TFunction>(engine, product, function, settings);
        result.Commit();
    }

    private static void RunHalfBatches<T>(AcceleratorEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        int half = call.Plan.Count / 2;
        Run(engine, Part(call, call.X, call.Y, call.Result, 0, 2) with { Plan = call.Plan with { Count = half } });
        ProductCall<T> rest = Part(
            call,
            call.X.Moved(half * call.Strides.A),
            call.Y.Moved(half * call.Strides.B),
            call.Result.Moved(half * call.Strides.Result),
            1,
            2);
        Run(engine, rest with { Plan = call.Plan with { Count = call.Plan.Count - half } });
    }

    private static void RunHalves<T>(AcceleratorEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        (int rows, int columns) = (call.Plan.Rows, call.Plan.Columns);
        if (rows >= columns)
        {
            int half = rows / 2;
            Run(engine, Part(call, call.X.RowRange(0, half), call.Y, call.Result.RowRange(0, half), 0, 2));
            Run(engine, Part(call, call.X.RowRange(half, rows - half), call.Y, call.Result.RowRange(half, rows - half), 1, 2));
        }
        else
        {
            int half = columns / 2;
            Run(engine, Part(call, call.X, call.Y.RowRange(0, half), call.Result.ColumnRange(0, half), 0, 2));
            Run(engine, Part(call, call.X, call.Y.RowRange(half, columns - half), call.Result.ColumnRange(half, columns - half), 1, 2));
        }
    }

    /// <summary>The two blocks on the diagonal, then the one above it, which is mirrored on the host.</summary>
    private static void RunSymmetricParts<T>(AcceleratorEngine engine, in ProductCall<T> call)
        where T : unmanaged, INumberBase<T>
    {
        int rows = call.Plan.Rows, half = rows / 2;
        Operand<T> first = call.X.RowRange(0, half), second = call.X.RowRange(half, rows - half);
        Operand<T> top = call.Result.RowRange(0, half), bottom = call.Result.RowRange(half, rows - half);
        Operand<T> above = top.ColumnRange(half, rows - half), below = bottom.ColumnRange(0, half);
        Run(engine, Part(call, first, first, top.ColumnRange(0, half), 0, 4));
        Run(engine, Part(call, second, second, bottom.ColumnRange(half, rows - half), 1, 4));
        ProductCall<T> across = Part(call, first, second, above, 2, 4, 2);
        Run(engine, across with { Plan = across.Plan with { Symmetric = false } });
        for (int i = 0; i < above.Rows; i++)
        {
            T* from = above.Pointer + (i * above.RowStride), to = below.Pointer + (i * below.ColumnStride);
            for (int j = 0; j < above.Columns; j++) to[j * below.RowStride] = from[j * above.ColumnStride];
        }
    }

    private static ProductCall<T> Part<T>(
        in ProductCall<T> call, in Operand<T> x, in Operand<T> y, in Operand<T> result, double start, double total, double share = 1)
        where T : unmanaged, INumberBase<T> => call with
        {
            Plan = call.Plan with { Rows = result.Rows, Columns = result.Columns },
            X = x,
            Y = y,
            Result = result,
            Settings = call.Settings with { Progress = PartialProgress.Of(call.Settings.Progress, start, total, share) },
        };

    private static DeviceOutOfMemoryException OutOfMemory(AcceleratorEngine engine, in ProductPlan plan, DeviceOutOfMemoryException failure) => new(
        failure.Operation,
        engine.Name,
        failure.RequestedBytes,
        failure.FreeBytes,
        $"{plan.Rows} x {plan.Columns} of depth {plan.Depth}",
        failure.InnerException);
}
