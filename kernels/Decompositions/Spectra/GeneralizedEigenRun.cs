using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>A x = value B x on any engine: the factor L of B makes it the symmetric L⁻¹ A L⁻ᵀ y = value y (Golub and Van Loan 2013, algorithm 8.7.1).</summary>
internal static class GeneralizedEigenRun
{
    /// <summary>The largest eigenvalues and, where they are wanted, vectors x with xᵀ B x = 1.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="plan">The symmetric problems in the middle, one or many.</param>
    /// <param name="a">items x size x size, each symmetric, the largest magnitude about 1; overwritten.</param>
    /// <param name="b">As a, positive definite; overwritten.</param>
    /// <param name="scales">By item: what B was divided by, for the error.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>Values, descending, items x kept; vectors in columns, items x size x kept, or null; the route of the symmetric problem.</returns>
    /// <exception cref="NumericalException">A matrix B is not positive definite; the item, of many, and the pivot are named.</exception>
    public static (T[] Values, T[]? Vectors, string Route) Solve<T>(Engine engine, SymmetricEigenPlan plan, T[] a, T[] b, double[] scales, in RunSettings settings)
        where T : unmanaged
    {
        int items = plan.Items, size = plan.Size, kept = plan.Kept;
        int[] failed = new int[items];
        T[] pivots = new T[items], values = new T[checked(items * kept)];
        T[]? vectors = plan.WantsVectors ? new T[checked(items * size * kept)] : null;
        if (items == 0) return (values, vectors, plan.Reason);
        failed.AsSpan().Fill(-1);
        MatrixRef<T> matrix = MatrixRef<T>.Of(a.AsSpan(0, size * size), size, size), lower = MatrixRef<T>.Of(b.AsSpan(0, size * size), size, size);
        MatrixRef<T> target = vectors is null ? default : MatrixRef<T>.Of(vectors.AsSpan(0, size * kept), size, kept);

        // By operations: n^3 / 3, 2 n^3, and at least as much again for the spectrum.
        CholeskyRun.Factor<T>(engine, b, items, size, failed, pivots, Part(settings, 0, 1));
        if (Array.FindIndex(failed, pivot => pivot >= 0) is >= 0 and int item)
        {
            string where = items == 1 ? $"pivot {failed[0]} of B" : $"matrix {item}, pivot {failed[item]} of B";
            throw CholeskyHost.NotPositiveDefinite(settings.Operation, where, Element.ToDouble(pivots[item]) * scales[item]);
        }

        TriangularRun.SolveBatch(engine, items, lower, matrix, forward: true, backward: false, Part(settings, 1, 2));
        TriangularRun.SolveBatch(engine, items, lower, matrix.Transposed, forward: true, backward: false, Part(settings, 3, 2));
        long square = (long)size * size;
        string route = Spectra.SymmetricEigen(engine, plan with { LowerOnly = true }, matrix, square, MatrixRef<T>.Of(values, items, kept), target, (long)size * kept, Part(settings, 5, 4));
        if (kept > 0 && vectors is not null) TriangularRun.SolveBatch(engine, items, lower, target, forward: false, backward: true, Part(settings, 9, 1));
        return (values, vectors, route);
    }

    private static RunSettings Part(in RunSettings settings, double start, double share) =>
        settings with { Progress = PartialProgress.Of(settings.Progress, start, 10, share) };
}
