using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Decompositions.Jacobi;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Symmetric eigenproblems by the public call on the host at each width, one at a time and in lanes.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
[Parallelizable]
public sealed class SymmetricEigenTests(TestEngine engine)
{
    private static readonly MatrixKind[] s_kinds = Enum.GetValues<MatrixKind>();

    private SpectrumOptions Options => new() { Device = engine.Device };

    [Test]
    public void Every_kind_agrees_with_MathNet_float64([Values] MatrixKind kind) => Agree<double>(kind, [1, 2, 13, 37, 71]);

    [Test]
    public void Every_kind_agrees_with_MathNet_float32([Values] MatrixKind kind) => Agree<float>(kind, [3, 41]);

    [Test]
    public void Hilberts_matrix_has_its_published_values()
    {
        // Fettis and Caslin 1967 tabulate orders 3 to 10; an exact count of signs of H - x I on either side agrees.
        double[] expected = [1.567050691, 0.2085342186, 0.01140749162, 3.058980402e-4, 3.287928772e-6];
        SymmetricEigenResult<double> found = SymmetricEigen.Compute(Filled(5, (i, j) => 1.0 / (i + j + 1)), Options);
        for (int i = 0; i < 5; i++) Assert.That(found.Values[i], Is.EqualTo(expected[i]).Within(6e-10 * expected[i]));
    }

    [TestCase(7)]
    [TestCase(32)]
    [TestCase(101)]
    public void Clements_matrix_has_whole_values(int size)
    {
        // Clement 1959: beside a diagonal of zeros sqrt(i (n - i)); the values are n - 1, n - 3, .., 1 - n.
        Tensor<double> a = Filled(size, (i, j) => Math.Abs(i - j) != 1 ? 0 : Math.Sqrt(Math.Max(i, j) * (double)(size - Math.Max(i, j))));
        SymmetricEigenResult<double> found = SymmetricEigen.Compute(a, Options);
        for (int i = 0; i < size; i++) Assert.That(found.Values[i], Is.EqualTo(size - 1 - (2 * i)).Within(1e-14 * size));
        Assert.That(found.Residual(a) + found.Orthogonality(), Is.LessThan(Tolerances.Spectrum(size)));
    }

    [TestCase(1e-30)]
    [TestCase(1e30)]
    public void Scale_changes_nothing_but_the_scale(double factor)
    {
        DenseMatrix matrix = JacobiMatrices.Symmetric(MatrixKind.Random, 43, 5);
        Tensor<float> single = GramAssert.Tensor<float>(Grid(JacobiMatrices.Times(matrix, factor)));
        Tensor<double> wide = GramAssert.Tensor<double>(Grid(JacobiMatrices.Times(matrix, Math.Pow(factor, 10))));
        SymmetricEigenResult<float> narrow = SymmetricEigen.Compute(single, Options);
        SymmetricEigenResult<double> found = SymmetricEigen.Compute(wide, Options);
        double[] expected = DecompositionsReference.SymmetricEigen(matrix).Values;
        Assert.That(narrow.Residual(single), Is.LessThan(1e-6));
        Assert.That(found.Residual(wide), Is.LessThan(Tolerances.Spectrum(43)));
        for (int i = 0; i < 43; i++)
        {
            Assert.That(found.Values[i] / Math.Pow(factor, 10), Is.EqualTo(expected[i]).Within(1e-13));
            Assert.That((double)narrow.Values[i] / factor, Is.EqualTo(expected[i]).Within(1e-5));
        }
    }

    [Test]
    public void The_top_alone_is_the_top_of_all([Values(1, 5, 40)] int count)
    {
        foreach (MatrixKind kind in s_kinds)
        {
            Tensor<double> a = GramAssert.Tensor<double>(Grid(JacobiMatrices.Symmetric(kind, 83, 2)));
            SymmetricEigenResult<double> all = SymmetricEigen.Compute(a, Options), top = SymmetricEigen.Compute(a, Options with { Count = count });
            double[] only = SymmetricEigen.Compute(a, Options with { Count = count, Vectors = false }).Values.ToArray();
            double scale = Math.Max(all.Values.Max(Math.Abs), 1);
            Assert.That(top.Vectors!.Lengths.ToArray(), Is.EqualTo(new nint[] { 83, count }));
            Assert.That(top.Residual(a) + top.Orthogonality(), Is.LessThan(Tolerances.Spectrum(83)), $"{kind}");
            for (int i = 0; i < count; i++)
            {
                Assert.That(top.Values[i], Is.EqualTo(all.Values[i]).Within(1e-14 * scale), $"{kind}");
                Assert.That(only[i], Is.EqualTo(all.Values[i]).Within(1e-13 * scale), $"{kind}, values only");
            }
        }
    }

    [Test]
    public void A_batch_is_what_its_matrices_are_alone([Values(1, 3, 4, 5, 17)] int items, [Values(0, 1, 2, 5, 12)] int size)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, items).Select(item => JacobiMatrices.Times(JacobiMatrices.Symmetric(s_kinds[item % s_kinds.Length], size, item), Math.Pow(10, (item % 5 * 20) - 40)))];
        Tensor<double> batch = Tensor.Create([.. matrices.SelectMany(one => one.Elements)], [items, size, size]);
        SymmetricEigenResult<double> found = SymmetricEigen.ComputeBatched(batch, Options), last = SymmetricEigen.ComputeBatched(batch, Options with { Count = size / 2 });
        Assert.That(found.Vectors!.Lengths.ToArray(), Is.EqualTo(new nint[] { items, size, size }));
        double[] values = GramAssert.Elements(found.Values), vectors = GramAssert.Elements(found.Vectors), top = GramAssert.Elements(last.Values);
        for (int item = 0; item < items; item++)
        {
            double[] own = values[(item * size)..((item + 1) * size)];
            DenseMatrix columns = new(size, size, vectors[(item * size * size)..((item + 1) * size * size)]);
            JacobiAssert.IsEigen<double>(matrices[item], own, columns, $"item {item}");
            JacobiAssert.AreNear<double>(own, DecompositionsReference.SymmetricEigen(matrices[item]).Values, size, $"item {item}");
            Assert.That(top[(item * (size / 2))..((item + 1) * (size / 2))], Is.EqualTo(own[..(size / 2)]), $"item {item}: the top alone");
        }
    }

    [Test]
    public void Rows_that_are_rounding_alone_part([Values(61, 64, 83, 120)] int size)
    {
        // Two thirds of the values are 0: what QL has to take apart there is rounding, to which each of its steps adds.
        DenseMatrix matrix = JacobiMatrices.Symmetric(MatrixKind.RankDeficient, size, 2);
        double[] expected = [.. Enumerable.Range(0, size).Select(i => (double)Math.Max(0, ((size + 2) / 3) - i))];
        Tensor<double> batch = Tensor.Create([.. Enumerable.Repeat(matrix.Elements, 5).SelectMany(one => one)], [5, size, size]);
        foreach (bool vectors in (bool[])[false, true])
        {
            double[] alone = GramAssert.Elements(SymmetricEigen.Compute(GramAssert.Tensor<double>(Grid(matrix)), Options with { Vectors = vectors }).Values);
            double[] lane = GramAssert.Elements(SymmetricEigen.ComputeBatched(batch, Options with { Vectors = vectors }).Values)[^size..];
            for (int i = 0; i < size; i++)
            {
                Assert.That(alone[i], Is.EqualTo(expected[i]).Within(Tolerances.Spectrum(size) * expected[0]));
                Assert.That(lane[i], Is.EqualTo(expected[i]).Within(Tolerances.Spectrum(size) * expected[0]));
            }
        }
    }

    [Test]
    public void A_matrix_of_a_batch_has_the_same_bits_wherever_it_stands_and_whoever_solves_it()
    {
        const int Items = 21, Size = 11;
        DenseMatrix[] matrices = [.. Enumerable.Range(0, Items).Select(item => JacobiMatrices.Symmetric(s_kinds[item % s_kinds.Length], Size, item))];
        using ComputeDevice many = ComputeDevice.Over(new HostEngine(3, ((HostEngine)engine.Shared).Width));
        double[] once = Bits(matrices, 1), reversed = Bits([.. matrices.Reverse()], 1);
        foreach (int threads in (int[])[2, 3]) Assert.That(Bits(matrices, threads).AsSpan().SequenceEqual(once), $"{threads} threads");
        for (int item = 0; item < Items; item++)
        {
            Assert.That(reversed.AsSpan((Items - 1 - item) * Size * Size, Size * Size).SequenceEqual(once.AsSpan(item * Size * Size, Size * Size)), $"item {item}");
        }

        double[] Bits(DenseMatrix[] batch, int threads) => GramAssert.Elements(SymmetricEigen.ComputeBatched(
            Tensor.Create([.. batch.SelectMany(one => one.Elements)], [Items, Size, Size]), new() { Device = many, Threads = threads }).Vectors!);
    }

    [Test]
    public void Batches_of_float32_are_solved_in_float64()
    {
        Tensor<float> batch = Tensor.Create([.. Enumerable.Range(0, 6).SelectMany(item => JacobiMatrices.Symmetric(MatrixKind.Graded, 9, item).Elements).Select(value => (float)value)], [6, 9, 9]);
        Tensor<double> wide = Tensor.Create(Array.ConvertAll(GramAssert.Elements(batch), value => (double)value), [6, 9, 9]);
        float[] found = GramAssert.Elements(SymmetricEigen.ComputeBatched(batch, Options).Values);
        double[] expected = GramAssert.Elements(SymmetricEigen.ComputeBatched(wide, Options).Values);
        Assert.That(found, Is.EqualTo(Array.ConvertAll(expected, value => (float)value)));
    }

    [Test]
    public void What_is_wrong_with_a_batch_is_said_with_its_item()
    {
        Tensor<double> bad = Batch(), uneven = Batch();
        (bad[4, 2, 1], uneven[3, 2, 1]) = (double.NaN, 9);
        Assert.That(() => SymmetricEigen.ComputeBatched(bad, Options), Throws.ArgumentException.With.Message.Contains("matrix 4").And.Message.Contains("[2, 1] is NaN"));
        Assert.That(() => SymmetricEigen.ComputeBatched(uneven, Options), Throws.ArgumentException.With.Message.Contains("matrix 3").And.Message.Contains("not symmetric: [2, 1] is 9"));
        Assert.That(() => SymmetricEigen.ComputeBatched(Tensor.CreateFromShape<double>([3, 2]), Options), Throws.ArgumentException.With.Message.Contains("items x size x size"));
        Assert.That(() => SymmetricEigen.ComputeBatched(Batch(), Options with { Count = 4 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("3 eigenvalues"));

        static Tensor<double> Batch() => Tensor.Create([.. Enumerable.Range(0, 5).SelectMany(item => JacobiMatrices.Symmetric(MatrixKind.Random, 3, item).Elements)], [5, 3, 3]);
    }

    [Test]
    public void A_cancelled_call_ends()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        SpectrumOptions options = Options with { Cancellation = cancelled.Token };
        Assert.That(() => SymmetricEigen.Compute(Filled(70, (i, j) => i + j), options), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => SymmetricEigen.Compute(Filled(70, (i, j) => i + j), options with { Vectors = false }), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => SymmetricEigen.ComputeBatched(Tensor.CreateFromShape<double>([9, 4, 4]), options), Throws.InstanceOf<OperationCanceledException>());
    }

    private void Agree<T>(MatrixKind kind, int[] sizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int size in sizes)
        {
            Tensor<T> a = GramAssert.Tensor<T>(Grid(JacobiMatrices.Symmetric(kind, size, size)));
            SymmetricEigenResult<T> found = SymmetricEigen.Compute(a, Options);
            double unit = typeof(T) == typeof(float) ? 2 * Tolerances.Epsilon<float>() * Math.Sqrt(size) : Tolerances.Spectrum(size);
            Assert.That(found.Residual(a), Is.LessThanOrEqualTo(unit), $"{size}");
            Assert.That(found.Orthogonality(), Is.LessThanOrEqualTo(unit), $"{size}");
            double[] expected = [.. Matrix<double>.Build.DenseOfArray(GramAssert.Array(a)).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];
            for (int i = 0; i < size; i++) Assert.That(double.CreateChecked(found.Values[i]), Is.EqualTo(expected[i]).Within(unit * Math.Max(expected.Max(Math.Abs), 1e-300)), $"{size}: value {i}");
        }
    }

    private static Tensor<double> Filled(int size, Func<int, int, double> element)
    {
        Tensor<double> a = Tensor.CreateFromShape<double>([size, size]);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) a[i, j] = element(i, j);
        }

        return a;
    }

    private static double[,] Grid(DenseMatrix a)
    {
        double[,] values = new double[a.Rows, a.Columns];
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++) values[i, j] = a[i, j];
        }

        return values;
    }
}
