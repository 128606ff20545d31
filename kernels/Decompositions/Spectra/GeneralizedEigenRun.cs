using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>A x = value B x on any engine: the factor L of B makes it the symmetric L⁻¹ A L⁻ᵀ y = value y (Golub and Van Loan 2013, algorithm 8.7.1).</summary>
internal static class GeneralizedEigenRun
{
    /// <summary>The largest eigenvalues and, where they are wanted, vectors x with xᵀ B x = 1.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="plan">The symmetric problem in the middle.</param>
    /// <param name="a">size x size, symmetric, the largest magnitude about 1; overwritten.</param>
    /// <param name="b">As a, positive definite; overwritten.</param>
    /// <param name="scale">What B was divided by, for the error.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>Values, descending; vectors in columns, or null; the route of the symmetric problem.</returns>
    /// <exception cref="NumericalException">B is not positive definite; the pivot is named.</exception>
    public static (T[] Values, T[]? Vectors, string Route) Solve<T>(Engine engine, SymmetricEigenPlan plan, T[] a, T[] b, double scale, in RunSettings settings)
        where T : unmanaged
    {
        int size = plan.Size, kept = plan.Kept;
        int[] failed = [-1];
        T[] pivots = new T[1], values = new T[kept];
        T[]? vectors = plan.WantsVectors ? new T[checked(size * kept)] : null;
        MatrixRef<T> matrix = MatrixRef<T>.Of(a, size, size), lower = MatrixRef<T>.Of(b, size, size);
        MatrixRef<T> target = vectors is null ? default : MatrixRef<T>.Of(vectors, size, kept);

        // By operations: n^3 / 3, 2 n^3, and at least as much again for the spectrum.
        CholeskyRun.Factor<T>(engine, b, 1, size, failed, pivots, Part(settings, 0, 1));
        if (failed[0] >= 0) throw CholeskyHost.NotPositiveDefinite(settings.Operation, $"pivot {failed[0]} of B", Element.ToDouble(pivots[0]) * scale);
        TriangularRun.Solve(engine, lower, matrix, forward: true, backward: false, Part(settings, 1, 2));
        TriangularRun.Solve(engine, lower, matrix.Transposed, forward: true, backward: false, Part(settings, 3, 2));
        string route = Spectra.SymmetricEigen(engine, plan with { LowerOnly = true }, matrix, 0, MatrixRef<T>.Of(values, 1, kept), target, 0, Part(settings, 5, 4));
        if (kept > 0 && vectors is not null) TriangularRun.Solve(engine, lower, target, forward: false, backward: true, Part(settings, 9, 1));
        return (values, vectors, route);
    }

    private static RunSettings Part(in RunSettings settings, double start, double share) =>
        settings with { Progress = PartialProgress.Of(settings.Progress, start, 10, share) };
}
