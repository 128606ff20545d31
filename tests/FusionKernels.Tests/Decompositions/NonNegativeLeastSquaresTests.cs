using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Least squares with answers of 0 or more, against every choice of free variables.</summary>
[TestFixture]
[Parallelizable]
public sealed class NonNegativeLeastSquaresTests
{
    [Test]
    public void It_is_the_best_of_all_choices([Range(1, 20)] int seed)
    {
        (int rows, int columns) = (3 + (seed % 5), 1 + (seed % 6));
        Tensor<double> a = FactorMatrices.Random<double>(rows, columns, seed), b = FactorMatrices.Random<double>(rows, 1, seed + 100);
        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b);
        Matrix<double> matrix = Matrix<double>.Build.DenseOfArray(GramAssert.Array(a));
        Vector<double> right = Matrix<double>.Build.DenseOfArray(GramAssert.Array(b)).Column(0);
        double best = right.L2Norm();
        for (int choice = 1; choice < 1 << columns; choice++)
        {
            int[] free = [.. Enumerable.Range(0, columns).Where(j => (choice & (1 << j)) != 0)];
            if (free.Length > rows) continue;
            Matrix<double> part = Matrix<double>.Build.DenseOfColumnVectors(free.Select(matrix.Column));
            Vector<double> x = part.QR().Solve(right);
            if (x.All(value => value >= 0)) best = Math.Min(best, (right - (part * x)).L2Norm());
        }

        Assert.That(result.Norms[0], Is.EqualTo(best).Within(1e-12));
        Assert.That(GramAssert.Elements(result.Solution), Is.All.GreaterThanOrEqualTo(0));
        Assert.That(result.KktResidual, Is.LessThan(1e-13));
    }

    [Test]
    public void Known_answers()
    {
        Tensor<double> a = GramAssert.Tensor<double>(new double[,] { { 1, 0 }, { 1, 0 }, { 0, 1 } });
        NonNegativeLeastSquaresResult two = NonNegativeLeastSquares.Solve(a, GramAssert.Tensor<double>(new double[,] { { 2, -1 }, { 1, -1 }, { 1, -1 } }));
        Assert.That(GramAssert.Elements(two.Solution), Is.EqualTo(new[] { 1.5, 0, 1, 0 }).AsCollection.Within(1e-15));
        Assert.That(two.Norms, Is.EqualTo(new[] { Math.Sqrt(0.5), Math.Sqrt(3) }).AsCollection.Within(1e-15));
        Assert.That(NonNegativeLeastSquares.Solve(a, Tensor.Create([2.0, 1, 1], [3])).Solution.Rank, Is.EqualTo(1));
    }

    [Test]
    public void Answers_that_exist_are_found_in_any_scale([Values(1e-30, 1, 1e30)] double scale, [Values] bool isFloat32)
    {
        Tensor<double> a = FactorMatrices.Random<double>(120, 30, 1);
        Tensor<double> truth = FactorMatrices.Random<double>(30, 1, 2), b = Tensor.Create(new double[120], [120]);
        for (int j = 0; j < 30; j++) truth[j, 0] = Math.Max(0, truth[j, 0]);
        for (int i = 0; i < 120; i++) b[i] = scale * Enumerable.Range(0, 30).Sum(j => a[i, j] * truth[j, 0]);
        Tensor<double> graded = FactorMatrices.Scaled(a, (_, j) => Math.Pow(10, j - 15));
        NonNegativeLeastSquaresResult result = isFloat32
            ? NonNegativeLeastSquares.Solve(GramAssert.Tensor<float>(GramAssert.Array(a)), Tensor.Create([.. GramAssert.Elements(b).Select(value => (float)value)], [120]))
            : NonNegativeLeastSquares.Solve(graded, b);
        for (int j = 0; j < 30; j++)
        {
            double expected = truth[j, 0] * scale / (isFloat32 ? 1 : Math.Pow(10, j - 15));
            Assert.That(result.Solution[j], Is.EqualTo(expected).Within(scale * (isFloat32 ? 1e-6 : 1e-12 / Math.Pow(10, j - 15))), $"{j}");
        }

        Assert.That(result.KktResidual, Is.LessThan(1e-13));
    }

    [Test]
    public void Dependent_columns_end()
    {
        Tensor<double> a = FactorMatrices.Random<double>(20, 8, 3), b = FactorMatrices.Random<double>(20, 3, 4);
        for (int i = 0; i < 20; i++)
        {
            a[i, 3] = a[i, 1];
            a[i, 5] = 0;
            a[i, 6] = a[i, 0] + a[i, 2];
        }

        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b);
        Assert.That(result.KktResidual, Is.LessThan(1e-13));
        Assert.That(result.Norms, Is.All.LessThan(10).And.All.GreaterThan(0));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<double> a = FactorMatrices.Random<double>(5, 2, 1), b = FactorMatrices.Random<double>(5, 1, 1);
        Assert.That(() => NonNegativeLeastSquares.Solve(a, FactorMatrices.Random<double>(4, 1, 1)), Throws.ArgumentException.With.Message.Contains("5 rows"));
        a[3, 1] = double.NaN;
        Assert.That(() => NonNegativeLeastSquares.Solve(a, b), Throws.ArgumentException.With.Message.Contains("a[3, 1]"));
    }

    [Test]
    public void A_batch_gives_the_bits_of_its_items([Values(1, 3)] int threads)
    {
        const int Items = 7, Rows = 9, Columns = 5, Width = 2;
        Tensor<double>[] a = [.. Enumerable.Range(0, Items).Select(item => FactorMatrices.Random<double>(Rows, Columns, item + 1))], b = [.. Enumerable.Range(0, Items).Select(item => FactorMatrices.Random<double>(Rows, Width, item + 50))];
        NonNegativeLeastSquaresResult found = NonNegativeLeastSquares.SolveBatched(Joined(a), Joined(b), new() { Threads = threads });
        Assert.That(found.Solution.Lengths.ToArray(), Is.EqualTo((nint[])[Items, Columns, Width]));
        NonNegativeLeastSquaresResult[] alone = [.. a.Zip(b, (matrix, right) => NonNegativeLeastSquares.Solve(matrix, right))];
        Assert.That(GramAssert.Elements(found.Solution), Is.EqualTo(alone.SelectMany(one => GramAssert.Elements(one.Solution))));
        Assert.That(found.Norms, Is.EqualTo(alone.SelectMany(one => one.Norms)));
        Assert.That((found.KktResidual, found.Steps), Is.EqualTo((alone.Max(one => one.KktResidual), alone.Sum(one => one.Steps))));
        Assert.That(NonNegativeLeastSquares.SolveBatched(Tensor.CreateFromShape<float>([0, 3, 2]), Tensor.CreateFromShape<float>([0, 3, 1])).Solution.Lengths.ToArray(), Is.EqualTo((nint[])[0, 2, 1]));
        Tensor<double> broken = Joined(b);
        broken[4, 3, 1] = double.NaN;
        Assert.That(() => NonNegativeLeastSquares.SolveBatched(Joined(a), broken), Throws.ArgumentException.With.Message.Contains("b[4][3, 1]"));
        Assert.That(() => NonNegativeLeastSquares.SolveBatched(Joined(a), Joined(b[..3])), Throws.ArgumentException.With.Message.Contains("7 of 9 rows"));
    }

    private static Tensor<double> Joined(Tensor<double>[] items) => Tensor.Create([.. items.SelectMany(GramAssert.Elements)], [items.Length, .. items[0].Lengths]);
}
