using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace FusionKernels.Tests.Correlation;

/// <summary>Views that share a few latent values, for the tests of correlation.</summary>
internal static class CorrelatedViews
{
    /// <summary>Views of so many columns: two shared values, mixed, and noise.</summary>
    public static Matrix<double>[] Matrices(int rows, int[] widths, int seed, double noise = 0.7)
    {
        Random random = new(seed);
        double[,] latent = new double[rows, 2];
        for (int i = 0; i < rows; i++) (latent[i, 0], latent[i, 1]) = (Normal(random), Normal(random));
        return [.. widths.Select(width =>
        {
            double[,] mixing = new double[2, width];
            for (int j = 0; j < width; j++) (mixing[0, j], mixing[1, j]) = (Normal(random), Normal(random));
            return Matrix<double>.Build.Dense(rows, width, (i, j) => (latent[i, 0] * mixing[0, j]) + (latent[i, 1] * mixing[1, j]) + (noise * Normal(random)));
        })];
    }

    /// <summary>The same as tensors.</summary>
    public static Tensor<T>[] Tensors<T>(int rows, int[] widths, int seed, double noise = 0.7)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Matrices(rows, widths, seed, noise).Select(Of<T>)];

    /// <summary>A matrix as a tensor.</summary>
    public static Tensor<T> Of<T>(Matrix<double> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor.Create(Array.ConvertAll(matrix.ToRowMajorArray(), T.CreateChecked), [matrix.RowCount, matrix.ColumnCount]);

    /// <summary>A tensor as a matrix.</summary>
    public static Matrix<double> ToMatrix<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Matrix<double>.Build.Dense((int)tensor.Lengths[0], (int)tensor.Lengths[1], (i, j) => double.CreateChecked(tensor[i, j]));

    /// <summary>A matrix with every element changed.</summary>
    public static Tensor<T> Shifted<T>(Tensor<T> tensor, double shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(ToMatrix(tensor).Add(shift));

    /// <summary>Columns less their means.</summary>
    public static Matrix<double> Centred(Matrix<double> matrix)
    {
        Vector means = matrix.ColumnSums() / matrix.RowCount;
        return Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount, (i, j) => matrix[i, j] - means[j]);
    }

    /// <summary>Eigenvalues of a symmetric matrix in descending order.</summary>
    public static double[] Eigenvalues(Matrix<double> matrix) => [.. ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];

    /// <summary>A standard normal number.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
