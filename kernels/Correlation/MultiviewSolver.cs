using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The generalised symmetric eigenproblem of several views, between whitened columns.</summary>
/// <remarks>
/// With W white: MCCA's C w = lambda D w becomes the eigenproblem of I + offdiagonal(Wᵀ C W) (Kettenring 1971, Nielsen 2002), and the
/// sum of the views' projections, whose eigenvectors are MAXVAR's shared scores, that of Q Qᵀ or Qᵀ Q with Q = [X W] (Carroll 1968); a row
/// with fewer views weighs as much as one with all (van de Velden and Bijmolt 2006).
/// </remarks>
/// <param name="Eigenvalues">In descending order, above rounding: 0 to views; of two views without ridge 1 + r and 1 - r.</param>
/// <param name="Directions">By view: columns x eigenvalues, the view's part of the shared scores, up to one factor for all views.</param>
internal sealed record MultiviewSolver(double[] Eigenvalues, DenseMatrix[] Directions)
{
    /// <summary>Solves.</summary>
    /// <param name="algebra">Who solves.</param>
    /// <param name="moments">Means and products.</param>
    /// <param name="whitenings">By view.</param>
    /// <param name="isMaxVar">Whether rows share scores; otherwise pairs of views share covariances.</param>
    /// <param name="components">Eigenvalues that are wanted.</param>
    public static MultiviewSolver Solve(in DenseAlgebra algebra, MultiviewMoments moments, ViewWhitening[] whitenings, bool isMaxVar, int components)
    {
        int[] offsets = new int[whitenings.Length + 1];
        for (int v = 0; v < whitenings.Length; v++) offsets[v + 1] = offsets[v] + whitenings[v].Directions;
        DenseMatrix white = new(offsets[^1], offsets[^1]);
        for (int a = 0; a < whitenings.Length; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                DenseMatrix block = isMaxVar ? Shared(algebra, moments, whitenings, a, b) : Pair(algebra, moments, whitenings, a, b);
                Place(block, white, offsets[a], offsets[b]);
            }
        }

        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(white, Math.Min(components, white.Rows));
        int kept = values.Count(value => value > 1e-10 * values[0]);
        DenseMatrix[] directions = new DenseMatrix[whitenings.Length];
        for (int v = 0; v < directions.Length; v++)
        {
            DenseMatrix own = vectors.Part(offsets[v], whitenings[v].Directions, 0, kept);
            directions[v] = algebra.Multiply(whitenings[v].Weights, own);
            if (!isMaxVar) continue;
            double length = Math.Sqrt(Math.Max(1, moments.Counts[v, v] - 1.0));
            foreach (ref double value in directions[v].Elements.AsSpan()) value /= length;
        }

        return new(values[..kept], directions);
    }

    /// <summary>Covariances of the rows in which both views are there, white; 1 on the diagonal, so that a view's ridge is part of its own norm alone.</summary>
    private static DenseMatrix Pair(in DenseAlgebra algebra, MultiviewMoments moments, ViewWhitening[] whitenings, int a, int b)
    {
        if (a == b) return DenseMatrix.Identity(whitenings[a].Directions);
        return Whiten(algebra, moments.Block(moments.Scatter, a, b), whitenings[a], whitenings[b], 1.0 / Math.Max(1, moments.Counts[a, b] - 1));
    }

    /// <summary>Products of the whitened views, of unit length over the rows in which each is there.</summary>
    private static DenseMatrix Shared(in DenseAlgebra algebra, MultiviewMoments moments, ViewWhitening[] whitenings, int a, int b)
    {
        double scale = 1 / Math.Sqrt(Math.Max(1, moments.Counts[a, a] - 1.0) * Math.Max(1, moments.Counts[b, b] - 1.0));
        return Whiten(algebra, moments.Block(moments.Weighted, a, b), whitenings[a], whitenings[b], scale);
    }

    private static DenseMatrix Whiten(in DenseAlgebra algebra, DenseMatrix products, ViewWhitening a, ViewWhitening b, double scale)
    {
        DenseMatrix white = algebra.TransposedMultiply(a.Weights, algebra.Multiply(products, b.Weights));
        foreach (ref double value in white.Elements.AsSpan()) value *= scale;
        return white;
    }

    private static void Place(DenseMatrix block, DenseMatrix white, int row, int column)
    {
        for (int i = 0; i < block.Rows; i++)
        {
            for (int j = 0; j < block.Columns; j++) white[row + i, column + j] = white[column + j, row + i] = block[i, j];
        }
    }
}
