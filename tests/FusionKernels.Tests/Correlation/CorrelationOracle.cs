using MathNet.Numerics.LinearAlgebra;

namespace FusionKernels.Tests.Correlation;

/// <summary>Canonical correlations by another library: singular values of Qxᵀ Qy (Björck and Golub 1973).</summary>
internal static class CorrelationOracle
{
    /// <summary>All correlations of two views of full rank.</summary>
    public static double[] Correlations(double[,] x, double[,] y)
    {
        Matrix<double> left = Basis(x), right = Basis(y);
        return [.. left.TransposeThisAndMultiply(right).Svd(false).S];
    }

    /// <summary>R^2 of the least-squares regression of a column on a view, with an intercept.</summary>
    public static double RSquared(double[,] x, double[,] y)
    {
        Matrix<double> basis = Basis(x);
        Vector<double> target = Centred(y).Column(0);
        return basis.TransposeThisAndMultiply(target).L2Norm() is var length ? length * length / target.DotProduct(target) : 0;
    }

    /// <summary>Eigenvalues of between-class scatter against the total, in descending order.</summary>
    public static double[] Discriminants(double[,] x, int[] labels, int classes)
    {
        Matrix<double> centred = Centred(x), between = Matrix<double>.Build.Dense(centred.ColumnCount, centred.ColumnCount);
        for (int label = 0; label < classes; label++)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == label)];
            Vector<double> mean = rows.Aggregate(Vector<double>.Build.Dense(centred.ColumnCount), (sum, i) => sum + centred.Row(i)) / rows.Length;
            between += rows.Length * mean.OuterProduct(mean);
        }

        return [.. centred.TransposeThisAndMultiply(centred).Solve(between).Evd().EigenValues.Select(value => value.Real).OrderDescending()];
    }

    /// <summary>Columns without their means.</summary>
    public static Matrix<double> Centred(double[,] values)
    {
        Matrix<double> result = Matrix<double>.Build.DenseOfArray(values);
        for (int j = 0; j < result.ColumnCount; j++) result.SetColumn(j, result.Column(j) - result.Column(j).Average());
        return result;
    }

    private static Matrix<double> Basis(double[,] values)
    {
        Matrix<double> centred = Centred(values);
        for (int j = 0; j < centred.ColumnCount; j++) centred.SetColumn(j, centred.Column(j).Normalize(2));
        return centred.GramSchmidt().Q;
    }
}
