using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Symmetric eigenproblems on an accelerator: small ones by a group each, large ones by blocks.</summary>
/// <typeparam name="T">The element.</typeparam>
internal static class JacobiEigenDevice<T>
    where T : unmanaged
{
    /// <summary>Runs a problem whose batches can be staged.</summary>
    public static string Run(AcceleratorEngine engine, in JacobiEigenProblem<T> problem)
    {
        RunSettings settings = problem.Settings;
        int items = problem.Items;
        JacobiPlan plan = JacobiPlan.Eigen(DeviceLimits.Of(engine), Element.SizeOf<T>(), problem.Matrix.Rows, items, problem.BlockWidth);
        (long matrixStride, long vectorStride) = (problem.MatrixStride, problem.VectorStride);
        bool hasVectors = !problem.Vectors.IsAbsent;
        using DeviceMatrix<T> staged = engine.Read(items == 1 ? problem.Matrix : StagedBatch.Of(problem.Matrix, matrixStride, items), settings);
        using DeviceMatrix<T> values = engine.Write(problem.Values, settings);
        using DeviceMatrix<T> stagedVectors = !hasVectors ? default
            : engine.Write(items == 1 ? problem.Vectors : StagedBatch.Of(problem.Vectors, vectorStride, items), settings);
        DeviceMatrix<T> matrix = items == 1 ? staged : StagedBatch.FirstItem(staged, problem.Matrix, ref matrixStride);
        DeviceMatrix<T> vectors = !hasVectors || items == 1 ? stagedVectors : StagedBatch.FirstItem(stagedVectors, problem.Vectors, ref vectorStride);
        if (plan.IsSingle)
        {
            RunGroups(engine, plan, matrix, matrixStride, values, vectors, vectorStride, hasVectors, settings);
        }
        else
        {
            for (int item = 0; item < items; item++)
            {
                JacobiBlockEigen<T> solver = new(engine, plan with { Items = 1 }, settings with { Progress = PartialProgress.Of(settings.Progress, item, items) });
                solver.Run(
                    matrix.Moved(item * matrixStride),
                    values.Range(item, 1, 0, values.Columns),
                    hasVectors ? vectors.Moved(item * vectorStride) : default,
                    hasVectors,
                    item,
                    items);
            }
        }

        values.Commit();
        if (hasVectors) stagedVectors.Commit();
        settings.Trace?.Tiling = plan.Reason;
        settings.Trace?.Flops += plan.Flops;
        return plan.Reason;
    }

    private static void RunGroups(
        AcceleratorEngine engine,
        in JacobiPlan plan,
        in DeviceMatrix<T> matrix,
        long matrixStride,
        in DeviceMatrix<T> values,
        in DeviceMatrix<T> vectors,
        long vectorStride,
        bool hasVectors,
        in RunSettings settings)
    {
        int items = plan.Items;
        using AcceleratorBuffer<int> outcomes = engine.Rent<int>(items, settings.Operation);
        JacobiShape shape = new()
        {
            Order = plan.Order,
            Kept = values.Columns,
            MostSweeps = JacobiPlan.MostSweeps,
            IsScaled = 1,
            IsSorted = 1,
            HasVectors = hasVectors ? 1 : 0,
            Matrix = DeviceLayout.Of(matrix, matrixStride),
            Values = DeviceLayout.Of(values.Offset, 0, values.ColumnStride, values.RowStride),
            Vectors = hasVectors ? DeviceLayout.Of(vectors, vectorStride) : default,
        };

        // A rotation leaves an exact zero, and what later ones add shrinks by squares: a quarter of a rounding is reached.
        new JacobiLaunches<T>(engine, settings).Eigen(
            items, shape, JacobiLaunches<T>.Epsilon / 4, matrix.View, values.View, hasVectors ? vectors.View : matrix.View, outcomes.View);
        engine.Synchronize(settings.Trace);
        int[] told = new int[items];
        engine.Download(outcomes, 0, told);
        for (int item = 0; item < items; item++)
        {
            if (told[item] < 0) throw JacobiDevice.Failure(settings, item, items, told[item] != JacobiEigenKernel.NotFinite);
        }
    }
}
