using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>A = L Lᵀ and solves with it, on the host at each width.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
[Parallelizable]
public sealed unsafe class CholeskyTests(TestEngine engine)
{
    private HostEngine Host => (HostEngine)engine.Shared;

    [Test]
    public void Every_size_factors([Values(0, 1, 2, 31, 32, 33, 63, 64, 65, 97, 200, 401)] int size)
    {
        double[] matrix = PositiveDefinite(size), factor = Factored(Host, matrix, size, threads: 0);
        double largest = Enumerable.Range(0, size).Select(i => matrix[(i * size) + i]).Append(0).Max();
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = 0;
                for (int k = 0; k <= j; k++) product += factor[(i * size) + k] * factor[(j * size) + k];
                Assert.That(product, Is.EqualTo(matrix[(i * size) + j]).Within(Tolerances.Cholesky(size) * largest), $"{i}, {j}");
            }
        }
    }

    [Test]
    public void Many_right_hand_sides_are_solved([Values(1, 33, 130)] int size, [Values(0, 1, 3, 40)] int width)
    {
        double[] matrix = PositiveDefinite(size), factor = Factored(Host, matrix, size, threads: 0), expected = Random(size * width, 5);
        double[] right = new double[size * width];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                for (int w = 0; w < width; w++) right[(i * width) + w] += matrix[(i * size) + j] * expected[(j * width) + w];
            }
        }

        fixed (double* l = factor, b = right) CholeskyHost.Solve(Host, l, size, size, b, width, width, new("Solve"));
        for (int i = 0; i < right.Length; i++) Assert.That(right[i], Is.EqualTo(expected[i]).Within(1e-9), $"element {i}");
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        using HostEngine many = new(5, Host.Width);
        double[] matrix = PositiveDefinite(333), once = Factored(many, matrix, 333, threads: 1);
        foreach (int threads in (int[])[2, 5])
        {
            double[] factor = Factored(many, matrix, 333, threads);
            for (int i = 0; i < 333; i++)
            {
                for (int j = 0; j <= i; j++) Assert.That(factor[(i * 333) + j], Is.EqualTo(once[(i * 333) + j]), $"{threads} threads at {i}, {j}");
            }
        }
    }

    [TestCase(3, 0)]
    [TestCase(90, 70)]
    [TestCase(90, 89)]
    public void The_pivot_that_fails_is_named(int size, int pivot)
    {
        double[] matrix = PositiveDefinite(size);
        matrix[(pivot * size) + pivot] = -1;
        Assert.That(
            () => Factored(Host, matrix, size, threads: 0),
            Throws.TypeOf<NumericalException>().With.Message.Contains($"pivot {pivot}:").And.Message.Contains("not positive definite").And.Message.Contains("larger ridge"));
    }

    private static double[] Factored(HostEngine host, double[] matrix, int size, int threads)
    {
        double[] factor = (double[])matrix.Clone();
        fixed (double* values = factor) CholeskyHost.Factor(host, values, size, size, new("Factor", threads));
        return factor;
    }

    private static double[] PositiveDefinite(int size)
    {
        double[] root = Random(size * size, size), matrix = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double sum = i == j ? size : 0;
                for (int k = 0; k < size; k++) sum += root[(i * size) + k] * root[(j * size) + k];
                matrix[(i * size) + j] = sum;
            }
        }

        return matrix;
    }

    private static double[] Random(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }
}
