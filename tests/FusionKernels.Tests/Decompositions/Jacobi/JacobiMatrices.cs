using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>What a matrix of a test is like.</summary>
public enum MatrixKind
{
    /// <summary>Random elements.</summary>
    Random,

    /// <summary>Values from 1 down to 1e-12, by equal factors.</summary>
    Graded,

    /// <summary>Values in three clusters, equal within each.</summary>
    Clustered,

    /// <summary>A third of full rank.</summary>
    RankDeficient,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>Diagonal, in no order.</summary>
    Diagonal,
}

/// <summary>Matrices whose values are known to be hard.</summary>
internal static class JacobiMatrices
{
    /// <summary>A symmetric matrix.</summary>
    public static DenseMatrix Symmetric(MatrixKind kind, int order, int seed)
    {
        Random random = new(seed);
        if (kind == MatrixKind.Zero) return new(order, order);
        DenseMatrix result = new(order, order);
        if (kind is MatrixKind.Random or MatrixKind.Diagonal)
        {
            for (int i = 0; i < order; i++)
            {
                for (int j = 0; j <= i; j++) result[i, j] = result[j, i] = kind == MatrixKind.Random || i == j ? (2 * random.NextDouble()) - 1 : 0;
            }

            return result;
        }

        DenseMatrix q = Orthogonal(order, random);
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < order; k++) sum += q[i, k] * Value(kind, k, order) * q[j, k];
                result[i, j] = result[j, i] = sum;
            }
        }

        return result;
    }

    /// <summary>A matrix of any shape.</summary>
    public static DenseMatrix General(MatrixKind kind, int rows, int columns, int seed)
    {
        Random random = new(seed);
        DenseMatrix result = new(rows, columns);
        int least = Math.Min(rows, columns);
        if (kind is MatrixKind.Random or MatrixKind.Diagonal)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++) result[i, j] = kind == MatrixKind.Random || i == j ? (2 * random.NextDouble()) - 1 : 0;
            }
        }
        else if (kind != MatrixKind.Zero)
        {
            DenseMatrix left = Orthogonal(rows, random), right = Orthogonal(columns, random);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    for (int k = 0; k < least; k++) result[i, j] += left[i, k] * Math.Abs(Value(kind, k, least)) * right[j, k];
                }
            }
        }

        return result;
    }

    /// <summary>The matrix times a factor.</summary>
    public static DenseMatrix Times(DenseMatrix matrix, double factor) =>
        new(matrix.Rows, matrix.Columns, [.. matrix.Elements.Select(element => element * factor)]);

    private static double Value(MatrixKind kind, int number, int count) => kind switch
    {
        MatrixKind.Graded => Math.Pow(10, -12.0 * number / Math.Max(1, count - 1)),
        MatrixKind.Clustered => number % 3 - 1,
        _ => number < (count + 2) / 3 ? 1 + number : 0,
    };

    private static DenseMatrix Orthogonal(int order, Random random)
    {
        DenseMatrix a = new(order, order);
        foreach (ref double element in a.Elements.AsSpan()) element = (2 * random.NextDouble()) - 1;
        return DecompositionsReference.Qr(a).Q;
    }
}
