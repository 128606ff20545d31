using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Cholesky factors, triangular solves and batches of small ones, on every engine.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
[Parallelizable]
public sealed class CholeskyFactorTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] s_simulated = [0, 1, 33];
    private static readonly int[] s_small = [0, 1, 2, 7, 31, 32, 33, 65];
    private static readonly int[] s_large = [97, 128, 129, 257, 333];

    private IEnumerable<int> Sizes => engine.Kind == DeviceKind.IlgpuCpu ? s_simulated : [.. s_small, .. s_large];

    private ExecutionOptions Options => new() { Device = engine.Device };

    [Test]
    public void Every_size_factors_and_solves()
    {
        foreach (int size in Sizes)
        {
            Tensor<T> a = FactorMatrices.PositiveDefinite<T>(size, size), x = FactorMatrices.Random<T>(size, 5, 3);
            CholeskyFactor<T> factor = Cholesky.Factor(a, Options);
            Assert.That(factor.Residual(a), Is.LessThan(Tolerances.Cholesky<T>(size)), $"{size}");
            for (int i = 0; i < size; i++)
            {
                for (int j = i + 1; j < size; j++) Assert.That(T.IsZero(factor.Lower[i, j]), $"{size} at {i}, {j}");
            }

            if (size == 0) continue;
            Matrix<double> matrix = Matrix<double>.Build.DenseOfArray(GramAssert.Array(a)), expected = matrix.Cholesky().Factor;
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    Assert.That(double.CreateChecked(factor.Lower[i, j]), Is.EqualTo(expected[i, j]).Within(Math.Sqrt(2 * size) * 4 * Tolerances.Cholesky<T>(size)), $"{size} at {i}, {j}");
                }
            }

            Assert.That(factor.LogDeterminant, Is.EqualTo(matrix.Cholesky().DeterminantLn).Within(size * 4 * Tolerances.Cholesky<T>(size)), $"{size}");
            Tensor<T> b = GramAssert.Tensor<T>((matrix * Matrix<double>.Build.DenseOfArray(GramAssert.Array(x))).ToArray());
            AssertNear(factor.Solve(b, Options), x, 8 * Tolerances.Cholesky<T>(size), $"{size}");
        }
    }

    [Test]
    public void Triangles_of_every_kind_are_solved([Values] bool upper, [Values] bool transpose)
    {
        foreach (int size in Sizes.Where(size => size > 0))
        {
            foreach (int width in engine.Kind == DeviceKind.IlgpuCpu ? (int[])[3] : [1, 3, 70])
            {
                // A triangle that is close to its diagonal is well conditioned at every size; what lies beyond it is poison.
                Tensor<T> triangle = FactorMatrices.Scaled(FactorMatrices.Random<T>(size, size, size), (i, j) => 1.0 / size);
                for (int i = 0; i < size; i++)
                {
                    triangle[i, i] += T.CreateChecked(2);
                    for (int j = 0; j < size; j++)
                    {
                        if (upper ? j < i : j > i) triangle[i, j] = T.NaN;
                    }
                }

                Tensor<T> x = FactorMatrices.Random<T>(size, width, 2), b = GramAssert.Tensor<T>(new double[size, width]);
                for (int i = 0; i < size; i++)
                {
                    for (int c = 0; c < width; c++)
                    {
                        double sum = 0;
                        for (int k = 0; k < size; k++)
                        {
                            double value = double.CreateChecked(transpose ? triangle[k, i] : triangle[i, k]);
                            if (!double.IsNaN(value)) sum += value * double.CreateChecked(x[k, c]);
                        }

                        b[i, c] = T.CreateChecked(sum);
                    }
                }

                Tensor<T> solution = TriangularSolver.Solve(triangle, b, new() { Device = engine.Device, Upper = upper, Transpose = transpose });
                AssertNear(solution, x, 4 * Tolerances.Cholesky<T>(size), $"{size} x {width}");
            }
        }
    }

    [Test]
    public void Many_small_ones_are_factored_each_as_if_alone([Values(1, 5, 32, 40)] int size)
    {
        int count = engine.Kind == DeviceKind.IlgpuCpu ? 2 : 41;
        if (count == 2 && size > 5) return;
        Tensor<T> batch = Tensor.Create(new T[count * size * size], [count, size, size]);
        for (int item = 0; item < count; item++)
        {
            Tensor<T> one = FactorMatrices.PositiveDefinite<T>(size, item);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++) batch[item, i, j] = one[i, j];
            }
        }

        Tensor<T> lower = Cholesky.FactorBatched(batch, Options);
        foreach (int item in (int[])[0, count / 2, count - 1])
        {
            Tensor<T> alone = Cholesky.Factor(FactorMatrices.PositiveDefinite<T>(size, item), Options).Lower;
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    Assert.That(double.CreateChecked(lower[item, i, j]), Is.EqualTo(double.CreateChecked(alone[i, j])).Within(2 * size * Tolerances.Cholesky<T>(size)), $"{item} at {i}, {j}");
                }
            }
        }
    }

    [Test]
    public void Scales_and_grades_leave_the_residual_small([Values(1e-30, 1e30)] double scale)
    {
        int size = engine.Kind == DeviceKind.IlgpuCpu ? 7 : 100;
        Tensor<T> a = FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<T>(size, 4), (i, j) => scale);
        Assert.That(Cholesky.Factor(a, Options).Residual(a), Is.LessThan(Tolerances.Cholesky<T>(size)));
        Tensor<T> graded = FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<T>(size, 5), (i, j) => Math.Pow(10, -(i + j) / (double)size * 6));
        CholeskyFactor<T> factor = Cholesky.Factor(graded, Options);
        for (int i = 0; i < size; i++)
        {
            double sum = 0;
            for (int k = 0; k <= i; k++) sum += double.CreateChecked(factor.Lower[i, k]) * double.CreateChecked(factor.Lower[i, k]);
            Assert.That(sum, Is.EqualTo(double.CreateChecked(graded[i, i])).Within(0.01).Percent, $"{i}");
        }
    }

    [Test]
    public void Triangles_of_any_scale_are_solved([Values(1e-30, 1e30)] double scale, [Values] bool isGraded)
    {
        int size = engine.Kind == DeviceKind.IlgpuCpu ? 6 : 70;

        // Rows of their own size are rows of the right-hand side's size: the solution stays what it was.
        Tensor<T> triangle = FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<T>(size, 3), (i, _) => scale * (isGraded ? Math.Pow(10, -5.0 * i / size) : 1));
        Tensor<T> x = FactorMatrices.Random<T>(size, 2, 6), b = GramAssert.Tensor<T>(new double[size, 2]);
        for (int i = 0; i < size; i++)
        {
            for (int c = 0; c < 2; c++) b[i, c] = T.CreateChecked(Enumerable.Range(0, i + 1).Sum(k => double.CreateChecked(triangle[i, k]) * double.CreateChecked(x[k, c])));
        }

        AssertNear(TriangularSolver.Solve(triangle, b, new() { Device = engine.Device }), x, 4 * Tolerances.Cholesky<T>(size), $"{scale}");
    }

    [Test]
    public void The_pivot_that_fails_is_named([Values(0, 3, 33)] int pivot)
    {
        int size = engine.Kind == DeviceKind.IlgpuCpu ? 5 : 40;
        if (pivot >= size) return;
        Tensor<T> a = FactorMatrices.PositiveDefinite<T>(size, 1), batch = Tensor.Create(new T[3 * size * size], [3, size, size]);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) batch[0, i, j] = batch[1, i, j] = batch[2, i, j] = a[i, j];
        }

        a[pivot, pivot] = batch[1, pivot, pivot] = -T.One;
        Assert.That(() => Cholesky.Factor(a, Options), Throws.TypeOf<NumericalException>().With.Message.Contains($"pivot {pivot}:").And.Message.Contains("larger ridge"));
        Assert.That(() => Cholesky.FactorBatched(batch, Options), Throws.TypeOf<NumericalException>().With.Message.Contains($"matrix 1, pivot {pivot}:"));
    }

    private static void AssertNear(Tensor<T> actual, Tensor<T> expected, double tolerance, string what)
    {
        Assert.That(actual.Lengths.ToArray(), Is.EqualTo(expected.Lengths.ToArray()), what);
        T[] left = GramAssert.Elements(actual), right = GramAssert.Elements(expected);
        for (int i = 0; i < left.Length; i++)
        {
            Assert.That(double.CreateChecked(left[i]), Is.EqualTo(double.CreateChecked(right[i])).Within(tolerance), $"{what}: element {i}");
        }
    }
}
