using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Least squares with answers of 0 or more, against every choice of free variables, on every engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class NonNegativeLeastSquaresTests(TestEngine engine)
{
    private ExecutionOptions Options => new() { Device = engine.Device };

    [Test]
    public void It_is_the_best_of_all_choices([Range(1, 20)] int seed)
    {
        (int rows, int columns) = (3 + (seed % 5), 1 + (seed % 6));
        Tensor<double> a = FactorMatrices.Random<double>(rows, columns, seed), b = FactorMatrices.Random<double>(rows, 1, seed + 100);
        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b, Options);
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
        NonNegativeLeastSquaresResult two = NonNegativeLeastSquares.Solve(a, GramAssert.Tensor<double>(new double[,] { { 2, -1 }, { 1, -1 }, { 1, -1 } }), Options);
        Assert.That(GramAssert.Elements(two.Solution), Is.EqualTo(new[] { 1.5, 0, 1, 0 }).AsCollection.Within(1e-15));
        Assert.That(two.Norms, Is.EqualTo(new[] { Math.Sqrt(0.5), Math.Sqrt(3) }).AsCollection.Within(1e-15));
        Assert.That(NonNegativeLeastSquares.Solve(a, Tensor.Create([2.0, 1, 1], [3]), Options).Solution.Rank, Is.EqualTo(1));
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
            ? NonNegativeLeastSquares.Solve(GramAssert.Tensor<float>(GramAssert.Array(a)), Tensor.Create([.. GramAssert.Elements(b).Select(value => (float)value)], [120]), Options)
            : NonNegativeLeastSquares.Solve(graded, b, Options);
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

        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b, Options);
        Assert.That(result.KktResidual, Is.LessThan(1e-13));
        Assert.That(result.Norms, Is.All.LessThan(10).And.All.GreaterThan(0));
    }

    [TestCase(1, 1, 1)]
    [TestCase(300, 40, 5)]
    [TestCase(2100, 17, 3)]
    [TestCase(20, 50, 4)]
    [TestCase(3, 0, 2)]
    [TestCase(0, 3, 2)]
    [TestCase(4, 2, 0)]
    public void Conditions_of_optimality_hold_for_every_shape(int rows, int columns, int width)
    {
        Tensor<double> a = FactorMatrices.Random<double>(rows, columns, 5), b = FactorMatrices.Random<double>(rows, width, 6);
        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b, Options);
        Assert.That(result.Solution.Lengths.ToArray(), Is.EqualTo((nint[])[columns, width]));
        AssertOptimal(a, b, result, 1e-12);
    }

    [Test]
    public void Zeros_are_solved_by_zeros()
    {
        Tensor<double> a = FactorMatrices.Random<double>(6, 3, 1), nothing = Tensor.CreateFromShape<double>([6, 3]), b = FactorMatrices.Random<double>(6, 2, 2);
        NonNegativeLeastSquaresResult ofZeros = NonNegativeLeastSquares.Solve(nothing, b, Options), toZeros = NonNegativeLeastSquares.Solve(a, Tensor.CreateFromShape<double>([6, 2]), Options);
        Assert.That(GramAssert.Elements(ofZeros.Solution), Is.All.Zero);
        for (int c = 0; c < 2; c++) Assert.That(ofZeros.Norms[c], Is.EqualTo(Math.Sqrt(Enumerable.Range(0, 6).Sum(i => b[i, c] * b[i, c]))).Within(1e-14));
        Assert.That(GramAssert.Elements(toZeros.Solution), Is.All.Zero);
        Assert.That(toZeros.Norms, Is.All.Zero);
        Assert.That((ofZeros.KktResidual, toZeros.KktResidual), Is.EqualTo((0.0, 0.0)));
    }

    /// <summary>Columns of condition 1e5: steps on AᵀA would leave six digits of the answer, steps on R leave eleven.</summary>
    [Test]
    public void Columns_that_nearly_depend_on_each_other_are_told_apart()
    {
        Tensor<double> a = FactorMatrices.Random<double>(200, 12, 7), b = Tensor.CreateFromShape<double>([200, 1]);
        for (int i = 0; i < 200; i++)
        {
            a[i, 5] = a[i, 4] + (1e-5 * a[i, 5]);
            b[i, 0] = (3 * a[i, 4]) + a[i, 5] + (2 * a[i, 9]);
        }

        NonNegativeLeastSquaresResult result = NonNegativeLeastSquares.Solve(a, b, Options);
        for (int j = 0; j < 12; j++) Assert.That(result.Solution[j, 0], Is.EqualTo(j switch { 4 => 3, 5 => 1, 9 => 2, _ => 0 }).Within(1e-9), $"{j}");
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<double> a = FactorMatrices.Random<double>(5, 2, 1), b = FactorMatrices.Random<double>(5, 1, 1);
        Assert.That(() => NonNegativeLeastSquares.Solve(a, FactorMatrices.Random<double>(4, 1, 1), Options), Throws.ArgumentException.With.Message.Contains("5 rows"));
        a[3, 1] = double.NaN;
        Assert.That(() => NonNegativeLeastSquares.Solve(a, b, Options), Throws.ArgumentException.With.Message.Contains("a[3, 1]"));
    }

    [Test]
    public void A_batch_gives_what_its_items_give([Values(1, 3)] int threads)
    {
        const int Items = 7, Rows = 9, Columns = 5, Width = 2;
        Tensor<double>[] a = [.. Enumerable.Range(0, Items).Select(item => FactorMatrices.Random<double>(Rows, Columns, item + 1))], b = [.. Enumerable.Range(0, Items).Select(item => FactorMatrices.Random<double>(Rows, Width, item + 50))];
        NonNegativeLeastSquaresResult found = NonNegativeLeastSquares.SolveBatched(Joined(a), Joined(b), Options with { Threads = threads });
        Assert.That(found.Solution.Lengths.ToArray(), Is.EqualTo((nint[])[Items, Columns, Width]));
        NonNegativeLeastSquaresResult[] alone = [.. a.Zip(b, (matrix, right) => NonNegativeLeastSquares.Solve(matrix, right, Options))];

        // On an accelerator one matrix goes by Cholesky factors and many by reflectors, which differ by roundings.
        double tolerance = engine.Kind == DeviceKind.Host ? 0 : 1e-12;
        Assert.That(GramAssert.Elements(found.Solution), Is.EqualTo(alone.SelectMany(one => GramAssert.Elements(one.Solution))).AsCollection.Within(tolerance));
        Assert.That(found.Norms, Is.EqualTo(alone.SelectMany(one => one.Norms)).AsCollection.Within(tolerance));
        Assert.That(found.KktResidual, Is.EqualTo(alone.Max(one => one.KktResidual)).Within(tolerance));
        Assert.That(found.Steps, Is.EqualTo(alone.Sum(one => one.Steps)));
        Assert.That(NonNegativeLeastSquares.SolveBatched(Tensor.CreateFromShape<float>([0, 3, 2]), Tensor.CreateFromShape<float>([0, 3, 1]), Options).Solution.Lengths.ToArray(), Is.EqualTo((nint[])[0, 2, 1]));
        Tensor<double> broken = Joined(b);
        broken[4, 3, 1] = double.NaN;
        Assert.That(() => NonNegativeLeastSquares.SolveBatched(Joined(a), broken, Options), Throws.ArgumentException.With.Message.Contains("b[4][3, 1]"));
        Assert.That(() => NonNegativeLeastSquares.SolveBatched(Joined(a), Joined(b[..3]), Options), Throws.ArgumentException.With.Message.Contains("7 of 9 rows"));
    }

    /// <summary>The answer is 0 or more, its residual has the norm that is told, and no gradient of unit columns points where the answer could go.</summary>
    private static void AssertOptimal(Tensor<double> a, Tensor<double> b, NonNegativeLeastSquaresResult result, double tolerance)
    {
        (int rows, int columns, int width) = ((int)a.Lengths[0], (int)a.Lengths[1], (int)b.Lengths[1]);
        for (int c = 0; c < width; c++)
        {
            double[] residual = [.. Enumerable.Range(0, rows).Select(i => b[i, c] - Enumerable.Range(0, columns).Sum(j => a[i, j] * result.Solution[j, c]))];
            Assert.That(result.Norms[c], Is.EqualTo(Math.Sqrt(residual.Sum(value => value * value))).Within(tolerance * Math.Sqrt(rows)));
            for (int j = 0; j < columns; j++)
            {
                double gradient = Enumerable.Range(0, rows).Sum(i => a[i, j] * residual[i]);
                Assert.That(result.Solution[j, c], Is.GreaterThanOrEqualTo(0));
                Assert.That(result.Solution[j, c] > 0 ? Math.Abs(gradient) : gradient, Is.LessThanOrEqualTo(tolerance * rows), $"{j}, {c}");
            }
        }
    }

    private static Tensor<double> Joined(Tensor<double>[] items) => Tensor.Create([.. items.SelectMany(GramAssert.Elements)], [items.Length, .. items[0].Lengths]);
}
