using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Eigenvalues and singular values on accelerators, by Jacobi's methods.</summary>
/// <remarks>
/// On the engine's lane. Computed in the element's precision; the same bits from run to run on one device. Values in descending
/// order; the entry of largest magnitude of each eigenvector, and of each column of U, is positive. Operands in host memory are
/// staged; where a batch finds no room, it is halved until it does.
/// </remarks>
internal static class JacobiDevice
{
    /// <summary>The largest eigenvalues of symmetric matrices, and their vectors.</summary>
    /// <returns>The route that was taken, in words.</returns>
    /// <exception cref="DeviceOutOfMemoryException">Not even one matrix finds room.</exception>
    /// <exception cref="NumericalException">A matrix holds NaN or infinity, or did not converge; it is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two launches; results are then unfinished.</exception>
    public static string SymmetricEigen<T>(AcceleratorEngine engine, in JacobiEigenProblem<T> problem)
        where T : unmanaged
    {
        if (problem.Items == 0 || problem.Matrix.Rows == 0 || problem.Values.Columns == 0) return "nothing to do";
        bool isStageable = problem.Items == 1
            || (StagedBatch.IsStageable(problem.Matrix, problem.MatrixStride) && StagedBatch.IsStageable(problem.Vectors, problem.VectorStride));
        string route = "";
        try
        {
            if (isStageable) return JacobiEigenDevice<T>.Run(engine, problem);
            for (int item = 0; item < problem.Items; item++) route = JacobiEigenDevice<T>.Run(engine, problem.Part(item, 1));
            return route;
        }
        catch (DeviceOutOfMemoryException) when (isStageable && problem.Items > 1)
        {
            problem.Settings.Trace?.Retries += 1;
            int half = problem.Items / 2;
            SymmetricEigen(engine, problem.Part(0, half));
            return SymmetricEigen(engine, problem.Part(half, problem.Items - half));
        }
    }

    /// <summary>The largest singular values of matrices of one shape, and their vectors.</summary>
    /// <inheritdoc cref="SymmetricEigen{T}" path="/returns"/>
    /// <inheritdoc cref="SymmetricEigen{T}" path="/exception"/>
    public static string Svd<T>(AcceleratorEngine engine, in JacobiSvdProblem<T> problem)
        where T : unmanaged
    {
        bool isStageable = problem.Items == 1
            || (StagedBatch.IsStageable(problem.Matrix, problem.MatrixStride)
                && StagedBatch.IsStageable(problem.U, problem.UStride) && StagedBatch.IsStageable(problem.V, problem.VStride));
        string route = "";
        try
        {
            if (isStageable && problem.Items > 0) return JacobiSvdDevice<T>.Run(engine, problem);
            for (int item = 0; item < problem.Items; item++) route = JacobiSvdDevice<T>.Run(engine, problem.Part(item, 1));
            return route;
        }
        catch (DeviceOutOfMemoryException) when (isStageable && problem.Items > 1)
        {
            problem.Settings.Trace?.Retries += 1;
            int half = problem.Items / 2;
            Svd(engine, problem.Part(0, half));
            return Svd(engine, problem.Part(half, problem.Items - half));
        }
    }

    /// <summary>The failure of one matrix, as its caller is told.</summary>
    internal static NumericalException Failure(in RunSettings settings, int item, int items, bool isFinite) => new(
        settings.Operation,
        items == 1 ? "the matrix" : $"matrix {item} of {items}",
        isFinite
            ? $"did not converge in {JacobiPlan.MostSweeps} sweeps; compute it on 'host'"
            : "holds NaN or infinity, or a value beyond the range of the element; replace what is missing first");
}
