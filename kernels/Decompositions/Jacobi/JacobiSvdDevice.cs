using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Singular value decompositions on an accelerator.</summary>
/// <typeparam name="T">The element.</typeparam>
internal static class JacobiSvdDevice<T>
    where T : unmanaged
{
    /// <summary>Runs a problem whose batches can be staged; the route comes back, in words.</summary>
    public static string Run(AcceleratorEngine engine, in JacobiSvdProblem<T> problem)
    {
        RunSettings settings = problem.Settings;
        int items = problem.Items;
        (long matrixStride, long uStride, long vStride) = (problem.MatrixStride, problem.UStride, problem.VStride);
        bool hasVectors = !problem.U.IsAbsent;
        using DeviceMatrix<T> staged = engine.Read(items == 1 ? problem.Matrix : StagedBatch.Of(problem.Matrix, matrixStride, items), settings);
        using DeviceMatrix<T> values = engine.Write(problem.Values, settings);
        using DeviceMatrix<T> stagedU = !hasVectors ? default : engine.Write(items == 1 ? problem.U : StagedBatch.Of(problem.U, uStride, items), settings);
        using DeviceMatrix<T> stagedV = !hasVectors ? default : engine.Write(items == 1 ? problem.V : StagedBatch.Of(problem.V, vStride, items), settings);
        DeviceMatrix<T> matrix = items == 1 ? staged : StagedBatch.FirstItem(staged, problem.Matrix, ref matrixStride);
        DeviceMatrix<T> u = !hasVectors || items == 1 ? stagedU : StagedBatch.FirstItem(stagedU, problem.U, ref uStride);
        DeviceMatrix<T> v = !hasVectors || items == 1 ? stagedV : StagedBatch.FirstItem(stagedV, problem.V, ref vStride);

        // The columns of the matrix with the fewer of them are made orthogonal; the other singular vectors are their directions.
        bool isWide = matrix.Rows < matrix.Columns;
        JacobiPlan plan = JacobiPlan.Svd(
            DeviceLimits.Of(engine),
            Element.SizeOf<T>(),
            Math.Max(matrix.Rows, matrix.Columns),
            Math.Min(matrix.Rows, matrix.Columns),
            items,
            problem.BlockWidth);
        new JacobiOneSided<T>(engine, plan, settings, isWide, hasVectors).Run(
            isWide ? matrix : matrix.Transposed, matrixStride, values, isWide ? v : u, isWide ? vStride : uStride, isWide ? u : v, isWide ? uStride : vStride);
        values.Commit();
        if (hasVectors)
        {
            stagedU.Commit();
            stagedV.Commit();
        }

        settings.Trace?.Tiling = plan.Reason;
        settings.Trace?.Flops += plan.Flops;
        return plan.Reason;
    }
}
