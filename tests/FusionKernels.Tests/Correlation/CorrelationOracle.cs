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

    /// <summary>Correlations under a ridge on each view: singular values of (Sxx + a I)^-1/2 Sxy (Syy + b I)^-1/2 of the covariances, or of the correlations.</summary>
    public static double[] Ridged(double[,] x, double[,] y, double ridgeX, double ridgeY, bool isScaled)
    {
        Matrix<double> left = Units(x, isScaled), right = Units(y, isScaled);
        return [.. (Root(left, ridgeX) * left.TransposeThisAndMultiply(right) * Root(right, ridgeY)).Svd(false).S];

        static Matrix<double> Units(double[,] values, bool isScaled)
        {
            Matrix<double> centred = Centred(values);
            for (int j = 0; j < centred.ColumnCount; j++) centred.SetColumn(j, isScaled ? centred.Column(j).Normalize(2) : centred.Column(j) / Math.Sqrt(centred.RowCount - 1));
            return centred;
        }

        static Matrix<double> Root(Matrix<double> view, double ridge)
        {
            MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> evd = (view.TransposeThisAndMultiply(view) + (ridge * Matrix<double>.Build.DenseIdentity(view.ColumnCount))).Evd(Symmetricity.Symmetric);
            return evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(evd.EigenValues.Map(value => 1 / Math.Sqrt(value.Real))) * evd.EigenVectors.Transpose();
        }
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
