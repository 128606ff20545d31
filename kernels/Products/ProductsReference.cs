namespace FusionKernels.Kernels.Products;

/// <summary>Matrix products by the definition, in double: the oracle of tests and of the self-test.</summary>
internal static class ProductsReference
{
    /// <summary>alpha a b + beta c; c is not read when it is null.</summary>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">Rows x depth.</param>
    /// <param name="b">Depth x columns.</param>
    /// <param name="beta">Factor of <paramref name="c"/>.</param>
    /// <param name="c">Rows x columns, or null for zero.</param>
    public static double[,] Multiply(double alpha, double[,] a, double[,] b, double beta = 0, double[,]? c = null)
    {
        double[,] result = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++)
            {
                double sum = 0;
                for (int k = 0; k < b.GetLength(0); k++) sum += a[i, k] * b[k, j];
                result[i, j] = c is null ? alpha * sum : (alpha * sum) + (beta * c[i, j]);
            }
        }

        return result;
    }

    /// <summary>The same with magnitudes throughout: what rounding errors are proportional to.</summary>
    public static double[,] Magnitude(double alpha, double[,] a, double[,] b, double beta = 0, double[,]? c = null) =>
        Multiply(Math.Abs(alpha), Abs(a), Abs(b), Math.Abs(beta), c is null ? null : Abs(c));

    /// <summary>The transposed matrix.</summary>
    public static double[,] Transpose(double[,] matrix)
    {
        double[,] result = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++) result[j, i] = matrix[i, j];
        }

        return result;
    }

    private static double[,] Abs(double[,] matrix)
    {
        double[,] result = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++) result[i, j] = Math.Abs(matrix[i, j]);
        }

        return result;
    }
}
