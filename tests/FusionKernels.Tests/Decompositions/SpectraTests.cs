using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Eigenvalues and singular values on the host at each width.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
[Parallelizable]
public sealed class SpectraTests(TestEngine engine)
{
    private HostEngine Host => (HostEngine)engine.Shared;

    private DenseAlgebra Algebra => new(Host, new("Test"));

    [Test]
    public void Symmetric_matrices_of_every_size_are_diagonalised([Values(0, 1, 2, 3, 31, 32, 33, 64, 100, 257)] int size)
    {
        DenseMatrix a = Symmetric(size);
        (double[] values, DenseMatrix vectors) = Algebra.SymmetricEigen(a);
        RequireEigen(a, values, vectors);
        if (size > 100) return;
        double[] expected = DecompositionsReference.SymmetricEigen(a).Values;
        for (int i = 0; i < size; i++) Assert.That(values[i], Is.EqualTo(expected[i]).Within(1e-14 * (size + 10)));
    }

    [Test]
    public void Batches_of_small_matrices_are_diagonalised_in_lanes([Values(1, 7, 8, 9, 300)] int items, [Values(1, 2, 3, 8, 31, 32, 33)] int size)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, items).Select(item => Symmetric(size, item))];
        Tensor<double> batch = Tensor.Create([.. matrices.SelectMany(one => one.Elements)], [items, size, size]);
        SymmetricEigenResult<double> found = SymmetricEigen.ComputeBatched(batch, new() { Device = engine.Device });
        double[] values = found.Values.ToArray(), vectors = found.Vectors!.ToArray();
        for (int item = 0; item < Math.Min(items, 10); item++)
        {
            double[] own = values[(item * size)..((item + 1) * size)];
            RequireEigen(matrices[item], own, new(size, size, vectors[(item * size * size)..((item + 1) * size * size)]));
            double[] expected = DecompositionsReference.SymmetricEigen(matrices[item]).Values;
            for (int i = 0; i < size; i++) Assert.That(own[i], Is.EqualTo(expected[i]).Within(1e-14 * (size + 10)));
        }

        double[] only = SymmetricEigen.ComputeBatched(batch, new() { Device = engine.Device, Vectors = false, Threads = 1 }).Values.ToArray();
        for (int i = 0; i < only.Length; i++) Assert.That(only[i], Is.EqualTo(values[i]).Within(1e-13 * size));
    }

    [Test]
    public void The_second_difference_has_its_closed_form()
    {
        const int Size = 200;
        DenseMatrix a = new(Size, Size);
        for (int i = 0; i < Size; i++)
        {
            a[i, i] = 2;
            if (i > 0) a[i, i - 1] = a[i - 1, i] = -1;
        }

        double[] values = Algebra.SymmetricEigen(a).Values;
        for (int i = 0; i < Size; i++) Assert.That(values[i], Is.EqualTo(2 - (2 * Math.Cos((Size - i) * Math.PI / (Size + 1)))).Within(1e-14));
    }

    [Test]
    public void Wilkinsons_matrix_has_its_published_pair()
    {
        // W21+, Wilkinson 1965, p. 308: the two largest agree to 14 digits.
        DenseMatrix a = new(21, 21);
        for (int i = 0; i < 21; i++)
        {
            a[i, i] = Math.Abs(10 - i);
            if (i > 0) a[i, i - 1] = a[i - 1, i] = 1;
        }

        (double[] values, DenseMatrix vectors) = Algebra.SymmetricEigen(a);
        Assert.That(values[0], Is.EqualTo(10.746194182903393).Within(1e-13));
        Assert.That(values[1], Is.EqualTo(10.746194182903322).Within(1e-13));
        RequireEigen(a, values, vectors);
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        using HostEngine many = new(5, Host.Width);
        DenseMatrix a = Symmetric(211), once = new DenseAlgebra(many, new("Test", 1)).SymmetricEigen(a).Vectors;
        DenseMatrix u = new DenseAlgebra(many, new("Test", 1)).Svd(a).U;
        foreach (int threads in (int[])[2, 5])
        {
            DenseAlgebra algebra = new(many, new("Test", threads));
            Assert.That(algebra.SymmetricEigen(a).Vectors.Elements.AsSpan().SequenceEqual(once.Elements), $"{threads} threads");
            Assert.That(algebra.Svd(a).U.Elements.AsSpan().SequenceEqual(u.Elements), $"{threads} threads");
        }
    }

    [TestCase(1, 1, null)]
    [TestCase(33, 31, null)]
    [TestCase(64, 64, null)]
    [TestCase(60, 130, null)]
    [TestCase(130, 60, 5)]
    public void Singular_values_reproduce_the_matrix(int rows, int columns, int? count)
    {
        RequireSvd(Random(rows, columns, 3), count);
    }

    [Test]
    public void Deficient_graded_and_scaled_matrices_keep_orthonormal_vectors([Values(null, 5, 12)] int? count)
    {
        RequireSvd(Algebra.Multiply(Random(80, 7, 1), Random(7, 70, 2)), count);
        RequireSvd(new DenseMatrix(70, 60), count);
        DenseMatrix graded = Random(70, 60, 4), scaled = Random(60, 60, 5);
        for (int i = 0; i < graded.Elements.Length; i++) graded.Elements[i] *= Math.Pow(10, -0.4 * (i % 60));
        for (int i = 0; i < scaled.Elements.Length; i++) scaled.Elements[i] *= 1e-30;
        RequireSvd(graded, count);
        RequireSvd(scaled, count);
    }

    [Test]
    public void Full_vectors_are_square_and_orthonormal()
    {
        DenseMatrix a = Random(70, 20, 6);
        SvdResult<double> svd = Svd.Compute(Tensor.Create(a.Elements, [70, 20]), new() { Full = true, Device = engine.Device });
        DenseMatrix u = new(70, 70, svd.U!.ToArray());
        RequireOrthonormal(u);
        Assert.That(svd.V!.Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 20 }));
    }

    [Test]
    public void What_is_wrong_is_said()
    {
        SvdOptions options = new() { Device = engine.Device };
        Assert.That(() => SymmetricEigen.Compute(Tensor.Create(new double[6], [2, 3]), options), Throws.ArgumentException.With.Message.Contains("2 x 3"));
        Assert.That(() => SymmetricEigen.Compute(Tensor.Create([1.0, 2, 3, 4], [2, 2]), options), Throws.ArgumentException.With.Message.Contains("[1, 0]"));
        Assert.That(() => Svd.Compute(Tensor.Create([1.0, double.NaN, 3, 4], [2, 2]), options), Throws.ArgumentException.With.Message.Contains("[0, 1]"));
        Assert.That(() => Svd.Compute(Tensor.Create(new double[6], [2, 3]), options with { Count = 3 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("2 singular values"));
    }

    private void RequireSvd(DenseMatrix a, int? count)
    {
        (DenseMatrix u, double[] values, DenseMatrix v) = Algebra.Svd(a, count);
        RequireOrthonormal(u);
        RequireOrthonormal(v);
        double tolerance = 1e-14 * Math.Sqrt(a.Rows + a.Columns) * values[0];
        DenseMatrix right = Algebra.Multiply(a, v), left = Algebra.TransposedMultiply(a, u);
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < a.Rows; i++) Assert.That(right[i, j], Is.EqualTo(values[j] * u[i, j]).Within(tolerance));
            for (int i = 0; i < a.Columns; i++) Assert.That(left[i, j], Is.EqualTo(values[j] * v[i, j]).Within(tolerance));
        }
    }

    private void RequireEigen(DenseMatrix a, double[] values, DenseMatrix vectors)
    {
        RequireOrthonormal(vectors);
        DenseMatrix product = Algebra.Multiply(a, vectors);
        double tolerance = 1e-14 * (values.Length == 0 ? 0 : values.Max(Math.Abs)) * Math.Sqrt(a.Rows);
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < values.Length; j++) Assert.That(product[i, j], Is.EqualTo(values[j] * vectors[i, j]).Within(tolerance));
        }
    }

    private void RequireOrthonormal(DenseMatrix vectors)
    {
        DenseMatrix gram = Algebra.MultiplySelf(vectors);
        for (int i = 0; i < gram.Rows; i++)
        {
            for (int j = 0; j < gram.Rows; j++) Assert.That(gram[i, j], Is.EqualTo(i == j ? 1 : 0).Within(1e-13));
        }
    }

    private static DenseMatrix Symmetric(int size, int seed = 0)
    {
        DenseMatrix a = Random(size, size, size + (1000 * seed));
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++) a[j, i] = a[i, j];
        }

        return a;
    }

    private static DenseMatrix Random(int rows, int columns, int seed)
    {
        Random random = new(seed);
        DenseMatrix a = new(rows, columns);
        for (int i = 0; i < a.Elements.Length; i++) a.Elements[i] = (2 * random.NextDouble()) - 1;
        return a;
    }
}
