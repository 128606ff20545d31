using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Rows of an incomplete factor for rows that were not factored: X of X C ᵀ = K, C the rows of the pivots.</summary>
internal static unsafe class IncompleteTransform
{
    /// <summary>Replaces values against the pivots by rows of the factor.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="lower">The factor: size x rank, row by row.</param>
    /// <param name="pivots">Its pivots.</param>
    /// <param name="values">rows x rank.</param>
    /// <param name="settings">How to run.</param>
    public static void Solve(HostEngine engine, double[] lower, int[] pivots, DenseMatrix values, in RunSettings settings)
    {
        int rank = pivots.Length;
        if (rank == 0 || values.Rows == 0) return;
        double[] corner = new double[rank * rank];
        for (int j = 0; j < rank; j++) lower.AsSpan(pivots[j] * rank, rank).CopyTo(corner.AsSpan(j * rank));
        fixed (double* triangle = corner, right = values.Elements)
        {
            new TriangularSolve<double>(engine, triangle, rank, 1, right, values.Rows, 1, rank, settings).Lower(0, rank);
        }
    }
}
