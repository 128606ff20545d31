using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Symmetric pairs on the host at each width and on the devices.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class GeneralizedEigenTests(TestEngine engine)
{
    private SpectrumOptions Options => new() { Device = engine.Device };

    [Test]
    public void Pairs_of_every_size_float64([Values(0, 1, 2, 3, 17, 32, 33, 67)] int size) => Check<double>(size);

    [Test]
    public void Pairs_of_every_size_float32([Values(1, 2, 33)] int size) => Check<float>(size);

    [Test]
    public void A_vibrating_string_in_finite_elements_has_its_closed_form()
    {
        // Strang and Fix 1973, section 6.3: linear elements of length h, stiffness (-1, 2, -1) / h, mass (1, 4, 1) h / 6.
        const int Size = 50;
        double h = 1.0 / (Size + 1);
        Tensor<double> stiffness = Banded(Size, 2 / h, -1 / h), mass = Banded(Size, 4 * h / 6, h / 6);
        GeneralizedEigenResult<double> found = GeneralizedEigen.Compute(stiffness, mass, Options);
        for (int i = 0; i < Size; i++)
        {
            double cosine = Math.Cos((Size - i) * Math.PI * h), expected = 6 / (h * h) * (1 - cosine) / (2 + cosine);
            Assert.That(found.Values[i], Is.EqualTo(expected).Within(1e-12 * found.Values[0]), $"value {i}");
        }

        Assert.That(found.Orthogonality(mass), Is.LessThan(1e-12));
    }

    [Test]
    public void The_identity_beside_it_leaves_the_symmetric_problem()
    {
        Tensor<double> a = Symmetric(23, 4), one = Banded(23, 1, 0);
        GeneralizedEigenResult<double> pair = GeneralizedEigen.Compute(a, one, Options);
        SymmetricEigenResult<double> alone = SymmetricEigen.Compute(a, Options);
        for (int i = 0; i < 23; i++) Assert.That(pair.Values[i], Is.EqualTo(alone.Values[i]).Within(1e-13));
        for (int i = 0; i < 23; i++) Assert.That(pair.Vectors![i, 0], Is.EqualTo(alone.Vectors![i, 0]).Within(1e-11));
    }

    [Test]
    public void The_top_alone_is_the_top_of_all()
    {
        Tensor<double> a = Symmetric(31, 5), b = FactorMatrices.PositiveDefinite<double>(31, 6);
        GeneralizedEigenResult<double> all = GeneralizedEigen.Compute(a, b, Options), top = GeneralizedEigen.Compute(a, b, Options with { Count = 4 });
        double[] only = GeneralizedEigen.Compute(a, b, Options with { Vectors = false }).Values.ToArray();
        Assert.That(top.Vectors!.Lengths.ToArray(), Is.EqualTo(new nint[] { 31, 4 }));
        Assert.That(top.Residual(a, b), Is.LessThan(1e-14));
        for (int i = 0; i < 31; i++) Assert.That(only[i], Is.EqualTo(all.Values[i]).Within(1e-14));
        for (int i = 0; i < 4; i++) Assert.That(top.Values[i], Is.EqualTo(all.Values[i]).Within(1e-14));
        Assert.That(GeneralizedEigen.Compute(a, b, Options with { Count = 0 }).Values.ToArray(), Is.Empty);
    }

    [TestCase(1e-30, 1e-30)]
    [TestCase(1e30, 1e-5)]
    [TestCase(1e-10, 1e25)]
    public void Scale_changes_nothing_but_the_scale(double scaleA, double scaleB)
    {
        Tensor<float> a = Rounded(FactorMatrices.Scaled(Symmetric(19, 7), (_, _) => scaleA)), b = Rounded(FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<double>(19, 8), (_, _) => scaleB));
        GeneralizedEigenResult<float> found = GeneralizedEigen.Compute(a, b, Options);
        Assert.That(found.Residual(a, b), Is.LessThan(1e-6));
        Assert.That(found.Orthogonality(b), Is.LessThan(1e-5));
        GeneralizedEigenResult<double> wide = GeneralizedEigen.Compute(Widened(a), Widened(b), Options);
        for (int i = 0; i < 19; i++) Assert.That(found.Values[i], Is.EqualTo(wide.Values[i]).Within(2e-6 * Math.Abs(wide.Values[0])));
    }

    [TestCase(1, 1, null)]
    [TestCase(6, 9, null)]
    [TestCase(3, 33, 4)]
    public void A_batch_gives_what_its_pairs_give(int items, int size, int? count)
    {
        SpectrumOptions options = Options with { Count = count, Threads = 2 };
        double[] scales = [1, 1e-20, 1e20, 1e-3, 10, 1];
        Tensor<float>[] a = [.. Enumerable.Range(0, items).Select(item => Rounded(FactorMatrices.Scaled(Symmetric(size, item + 3), (_, _) => scales[item])))];
        Tensor<float>[] b = [.. Enumerable.Range(0, items).Select(item => Rounded(FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<double>(size, item + 30), (_, _) => scales[items - 1 - item])))];
        GeneralizedEigenResult<float> found = GeneralizedEigen.ComputeBatched(Joined(a), Joined(b), options);
        int kept = count ?? size;
        Assert.That(found.Vectors!.Lengths.ToArray(), Is.EqualTo((nint[])[items, size, kept]));
        Assert.That(found.Residual(Joined(a), Joined(b)), Is.LessThan(1e-6), found.Route);
        Assert.That(found.Orthogonality(Joined(b)), Is.LessThan(1e-5), found.Route);
        Assert.That(found.Route, Does.StartWith("Cholesky factor of B, then"));
        Tensor<float> alone = GeneralizedEigen.ComputeBatched(Joined(a), Joined(b), options with { Vectors = false }).Values;
        for (int item = 0; item < items; item++)
        {
            Tensor<double> expected = GeneralizedEigen.Compute(Widened(a[item]), Widened(b[item]), Options).Values;
            double unit = 1e-5 * Enumerable.Range(0, size).Max(i => Math.Abs(expected[i]));
            for (int k = 0; k < kept; k++)
            {
                Assert.That(found.Values[item, k], Is.EqualTo(expected[k]).Within(unit), $"item {item}, {k}");
                Assert.That(alone[item, k], Is.EqualTo(expected[k]).Within(unit), $"item {item}, {k}, values only");
            }
        }
    }

    [Test]
    public void A_batch_names_the_item_in_which_something_is_wrong()
    {
        Tensor<float> a = Joined([Rounded(Symmetric(4, 1)), Rounded(Symmetric(4, 2))]), b = Joined([FactorMatrices.PositiveDefinite<float>(4, 1), FactorMatrices.PositiveDefinite<float>(4, 2)]);
        Assert.That(GeneralizedEigen.ComputeBatched(Tensor.CreateFromShape<float>([0, 4, 4]), Tensor.CreateFromShape<float>([0, 4, 4]), Options).Values.Lengths.ToArray(), Is.EqualTo((nint[])[0, 4]));
        Assert.That(() => GeneralizedEigen.ComputeBatched(a, Joined([FactorMatrices.PositiveDefinite<float>(4, 1)]), Options), Throws.ArgumentException.With.Message.Contains("of one shape"));
        Assert.That(() => GeneralizedEigen.ComputeBatched(a, b, Options with { Count = 5 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        b[1, 2, 2] = -1;
        Assert.That(() => GeneralizedEigen.ComputeBatched(a, b, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("matrix 1, pivot 2 of B"));
        a[1, 3, 0] = float.NaN;
        Assert.That(() => GeneralizedEigen.ComputeBatched(a, b, Options), Throws.ArgumentException.With.Message.Contains("'a[1]'"));
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        if (engine.Shared is not HostEngine host) return;
        using ComputeDevice many = ComputeDevice.Over(new HostEngine(5, host.Width));
        Tensor<double> a = Symmetric(190, 1), b = FactorMatrices.PositiveDefinite<double>(190, 2);
        double[] once = Bits(1);
        foreach (int threads in (int[])[2, 5]) Assert.That(Bits(threads).AsSpan().SequenceEqual(once), $"{threads} threads");

        double[] Bits(int threads) => GeneralizedEigen.Compute(a, b, new() { Device = many, Threads = threads }).Vectors!.ToArray();
    }

    [Test]
    public void What_is_wrong_is_said()
    {
        Tensor<double> a = Symmetric(40, 1), b = FactorMatrices.PositiveDefinite<double>(40, 2), uneven = Symmetric(40, 1), bad = FactorMatrices.PositiveDefinite<double>(40, 2);
        (uneven[7, 3], bad[5, 2]) = (9, double.NaN);
        Assert.That(() => GeneralizedEigen.Compute(a, Symmetric(39, 1), Options), Throws.ArgumentException.With.Message.Contains("'b' is 39 x 39, 'a' is 40 x 40"));
        Assert.That(() => GeneralizedEigen.Compute(Tensor.Create(new double[6], [2, 3]), b, Options), Throws.ArgumentException.With.Message.Contains("2 x 3"));
        Assert.That(() => GeneralizedEigen.Compute(uneven, b, Options), Throws.ArgumentException.With.Message.Contains("'a': the matrix is not symmetric: [7, 3]"));
        Assert.That(() => GeneralizedEigen.Compute(a, bad, Options), Throws.ArgumentException.With.Message.Contains("'b': element [5, 2] is NaN"));
        Assert.That(() => GeneralizedEigen.Compute(a, b, Options with { Count = 41 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("40 eigenvalues"));
        b[37, 37] = -1;
        Assert.That(
            () => GeneralizedEigen.Compute(a, b, Options),
            Throws.TypeOf<NumericalException>().With.Message.Contains("pivot 37 of B: it is -").And.Message.Contains("not positive definite"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => GeneralizedEigen.Compute(a, FactorMatrices.PositiveDefinite<double>(40, 2), Options with { Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Results_beyond_the_range_of_the_element_are_told()
    {
        Tensor<float> a = Tensor.Create([1e30f], [1, 1]), b = Tensor.Create([1e-30f], [1, 1]);
        Assert.That(() => GeneralizedEigen.Compute(a, b, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("beyond the range of float32"));
    }

    private void Check<T>(int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Array(Symmetric(size, size))), b = FactorMatrices.PositiveDefinite<T>(size, size + 1);
        GeneralizedEigenResult<T> found = GeneralizedEigen.Compute(a, b, Options);
        double unit = Tolerances.GeneralizedEigen<T>(size);
        Assert.That(found.Residual(a, b), Is.LessThanOrEqualTo(unit));
        Assert.That(found.Orthogonality(b), Is.LessThanOrEqualTo(unit));
        if (size == 0) return;
        double[] expected = [.. Matrix<double>.Build.DenseOfArray(GramAssert.Array(b)).Solve(Matrix<double>.Build.DenseOfArray(GramAssert.Array(a))).Evd(Symmetricity.Asymmetric).EigenValues.Select(value => value.Real).OrderDescending()];
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < size; i++) Assert.That(double.CreateChecked(found.Values[i]), Is.EqualTo(expected[i]).Within(unit * largest), $"value {i}");
        for (int j = 0; j < size; j++)
        {
            double[] column = [.. Enumerable.Range(0, size).Select(i => double.CreateChecked(found.Vectors![i, j]))];
            Assert.That(column.Max(), Is.EqualTo(column.Max(Math.Abs)).Within(1e-5 * column.Max(Math.Abs)), $"the sign of column {j}");
        }
    }

    private static Tensor<double> Symmetric(int size, int seed)
    {
        double[,] values = GramAssert.Rows<double>(size, size, seed);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++) values[i, j] = values[j, i];
        }

        return GramAssert.Tensor<double>(values);
    }

    private static Tensor<double> Banded(int size, double diagonal, double beside)
    {
        Tensor<double> result = Tensor.CreateFromShape<double>([size, size]);
        for (int i = 0; i < size; i++)
        {
            result[i, i] = diagonal;
            if (i > 0) result[i, i - 1] = result[i - 1, i] = beside;
        }

        return result;
    }

    private static Tensor<float> Rounded(Tensor<double> a) => GramAssert.Tensor<float>(GramAssert.Array(a));

    private static Tensor<double> Widened(Tensor<float> a) => GramAssert.Tensor<double>(GramAssert.Array(a));

    private static Tensor<float> Joined(Tensor<float>[] items) => Tensor.Create([.. items.SelectMany(one => one.ToArray())], [items.Length, .. items[0].Lengths]);
}
