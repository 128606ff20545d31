using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>What a decomposition must satisfy, whatever computed it.</summary>
internal static class JacobiAssert
{
    /// <summary>A V = V diag(values), orthonormal V, descending values, positive largest entries.</summary>
    public static void IsEigen<T>(DenseMatrix a, double[] values, DenseMatrix vectors, string what)
        where T : unmanaged
    {
        double norm = Norm(a), bound = Tolerances.Jacobi<T>(a.Rows);
        Assert.That(values, Is.Ordered.Descending, what);
        Assert.That(Orthogonality(vectors), Is.LessThanOrEqualTo(bound), $"{what}: orthogonality");
        double residual = 0;
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < a.Rows; i++)
            {
                double sum = -values[j] * vectors[i, j];
                for (int k = 0; k < a.Rows; k++) sum += a[i, k] * vectors[k, j];
                residual = Math.Max(residual, Math.Abs(sum));
            }
        }

        Assert.That(residual, Is.LessThanOrEqualTo(bound * norm), $"{what}: residual");
        AssertSigns<T>(vectors, what);
    }

    /// <summary>A V = U diag(values), orthonormal U and V, descending values, positive largest entries of U.</summary>
    public static void IsSvd<T>(DenseMatrix a, DenseMatrix u, double[] values, DenseMatrix v, string what)
        where T : unmanaged
    {
        double norm = Norm(a), bound = Tolerances.Jacobi<T>(Math.Max(a.Rows, a.Columns));
        Assert.That(values, Is.Ordered.Descending, what);
        Assert.That(values, Is.All.GreaterThanOrEqualTo(0), what);
        Assert.That(Orthogonality(u), Is.LessThanOrEqualTo(bound), $"{what}: orthogonality of U");
        Assert.That(Orthogonality(v), Is.LessThanOrEqualTo(bound), $"{what}: orthogonality of V");
        double residual = 0;
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < a.Rows; i++)
            {
                double sum = -values[j] * u[i, j];
                for (int k = 0; k < a.Columns; k++) sum += a[i, k] * v[k, j];
                residual = Math.Max(residual, Math.Abs(sum));
            }

            for (int i = 0; i < a.Columns; i++)
            {
                double sum = -values[j] * v[i, j];
                for (int k = 0; k < a.Rows; k++) sum += a[k, i] * u[k, j];
                residual = Math.Max(residual, Math.Abs(sum));
            }
        }

        Assert.That(residual, Is.LessThanOrEqualTo(bound * norm), $"{what}: residual");
        AssertSigns<T>(u, what);
    }

    /// <summary>Values as the oracle's, to roundings of the largest on either side: the oracle turns by Jacobi's rotations too.</summary>
    public static void AreNear<T>(double[] values, double[] expected, int order, string what)
        where T : unmanaged
    {
        Assert.That(values, Has.Length.EqualTo(expected.Length), what);
        double largest = expected.Select(Math.Abs).Append(0).Max();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.That(values[i], Is.EqualTo(expected[i]).Within(2 * Tolerances.Jacobi<T>(order) * largest), $"{what}: value {i}");
        }
    }

    /// <summary>The largest element of Vᵀ V - I.</summary>
    public static double Orthogonality(DenseMatrix vectors)
    {
        double worst = 0;
        for (int i = 0; i < vectors.Columns; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = i == j ? -1 : 0;
                for (int k = 0; k < vectors.Rows; k++) sum += vectors[k, i] * vectors[k, j];
                worst = double.IsNaN(sum) ? double.PositiveInfinity : Math.Max(worst, Math.Abs(sum));
            }
        }

        return worst;
    }

    private static void AssertSigns<T>(DenseMatrix vectors, string what)
        where T : unmanaged
    {
        for (int j = 0; j < vectors.Columns; j++)
        {
            double[] column = vectors.Column(j);
            if (column.Length == 0) continue;
            double highest = column.Max(), lowest = column.Min();
            Assert.That(highest, Is.GreaterThanOrEqualTo(-lowest * (1 - (4 * Tolerances.Epsilon<T>()))), $"{what}: the sign of column {j}");
        }
    }

    private static double Norm(DenseMatrix a)
    {
        double largest = a.Elements.Select(Math.Abs).Append(0).Max();
        return largest == 0 ? 0 : largest * Math.Sqrt(a.Elements.Sum(element => element / largest * (element / largest)));
    }
}
