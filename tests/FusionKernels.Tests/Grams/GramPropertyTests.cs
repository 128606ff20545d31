using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>What holds for Gram matrices whatever the numbers: permutations, parts, centring, threads, widths.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class GramPropertyTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void Permuting_rows_permutes_the_matrix()
    {
        foreach (Kernel kernel in KernelCases.Table)
        {
            double[,] x = GramAssert.Rows<T>(57, 6, 1, KernelCases.NeedsHistograms(kernel)), permuted = new double[57, 6];
            int[] order = [.. Enumerable.Range(0, 57)];
            new Random(3).Shuffle(order);
            for (int i = 0; i < 57; i++)
            {
                for (int k = 0; k < 6; k++) permuted[i, k] = x[order[i], k];
            }

            Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options), moved = Gram.Compute(GramAssert.Tensor<T>(permuted), kernel, Options);
            for (int i = 0; i < 57; i++)
            {
                // With few features no centre comes in, so the bits are the same.
                for (int j = 0; j < 57; j++) Assert.That(moved[i, j], Is.EqualTo(gram[order[i], order[j]]), $"{kernel} at {i}, {j}");
            }
        }
    }

    [Test]
    public void A_composed_kernel_is_the_composition_of_its_parts()
    {
        double[,] x = GramAssert.Rows<T>(44, 11, 1);
        Kernel a = Kernel.Rbf(0.3), b = Kernel.Laplacian(0.1), c = Kernel.Polynomial(degree: 2);
        double[,] first = Values(a), second = Values(b), third = Values(c), expected = new double[44, 44];
        for (int i = 0; i < 44; i++)
        {
            for (int j = 0; j < 44; j++) expected[i, j] = (0.3 * first[i, j]) + (second[i, j] * third[i, j]);
        }

        GramAssert.Near(Gram.Compute(GramAssert.Tensor<T>(x), (0.3 * a) + (b * c), Options), expected, expected, 2 * Tolerances.Gram<T>(11), "composed");

        double[,] Values(Kernel kernel) => GramAssert.Array(Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options));
    }

    [Test]
    public void Centred_rows_and_columns_sum_to_0()
    {
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(GramAssert.Rows<T>(200, 5, 1)), (Kernel.Rbf() + Kernel.Linear()).Centered(), Options);
        for (int i = 0; i < 200; i++)
        {
            double sum = 0;
            for (int j = 0; j < 200; j++) sum += double.CreateChecked(gram[i, j]);
            Assert.That(sum / 200, Is.Zero.Within(Tolerances.Gram<T>(5)), $"row {i}");
        }
    }

    [Test]
    public void New_rows_are_centred_by_the_means_of_the_training_rows()
    {
        Tensor<T> training = GramAssert.Tensor<T>(GramAssert.Rows<T>(90, 5, 1)), fresh = GramAssert.Tensor<T>(GramAssert.Rows<T>(31, 5, 2));
        Kernel kernel = Kernel.Rbf(0.5);
        double[,] among = GramAssert.Array(Gram.Compute(training, kernel, Options)), against = GramAssert.Array(Gram.Compute(fresh, training, kernel, Options));
        double[] columnMeans = Means(among), rowMeans = Means(against);
        double[,] expected = new double[31, 90];
        for (int i = 0; i < 31; i++)
        {
            for (int j = 0; j < 90; j++) expected[i, j] = against[i, j] - rowMeans[i] - columnMeans[j] + columnMeans.Average();
        }

        GramAssert.Near(Gram.Compute(fresh, training, kernel.Centered(), Options), expected, expected, Tolerances.Gram<T>(5), "one pass");
        GramCentering centring = GramCentering.Fit(Gram.Compute(training, kernel, Options));
        GramAssert.Near(centring.Transform(Gram.Compute(fresh, training, kernel, Options)), expected, expected, 4 * Tolerances.Epsilon<T>(), "stored");
        GramCentering fromSummary = GramCentering.Fit(Gram.Summarize(training, kernel, Options));
        GramAssert.Near(fromSummary.Transform(Gram.Compute(fresh, training, kernel, Options)), expected, expected, Tolerances.Gram<T>(5), "from the summary");

        static double[] Means(double[,] values) =>
            [.. Enumerable.Range(0, values.GetLength(0)).Select(i => Enumerable.Range(0, values.GetLength(1)).Average(j => values[i, j]))];
    }

    [Test]
    public void A_normalised_kernel_is_1_on_the_diagonal()
    {
        double[,] x = GramAssert.Rows<T>(70, 9, 1);
        foreach (Kernel kernel in (Kernel[])[Kernel.Linear(), Kernel.Polynomial(), Kernel.Rbf().Centered(), 3 * Kernel.Matern()])
        {
            Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), kernel.Normalized(), Options);
            for (int i = 0; i < 70; i++)
            {
                Assert.That(double.CreateChecked(gram[i, i]), Is.EqualTo(1).Within(16 * Tolerances.Gram<T>(9)), $"{kernel}: {i}");
                for (int j = 0; j < 70; j++) Assert.That(double.CreateChecked(T.Abs(gram[i, j])), Is.LessThanOrEqualTo(1 + (16 * Tolerances.Gram<T>(9))));
            }
        }

        Tensor<T> cosine = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Cosine(), Options), linear = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Linear().Normalized(), Options);
        GramAssert.Near(linear, GramAssert.Array(cosine), GramAssert.Array(cosine), Tolerances.Gram<T>(9), "linear, normalised, is cosine");
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        if (engine.Shared is not HostEngine host) return;
        using HostEngine many = new(5, host.Width);
        using ComputeDevice device = ComputeDevice.Over(many);
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(410, 33, 1)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(1100, 33, 2));
        foreach (Kernel kernel in (Kernel[])[Kernel.Rbf(), Kernel.Rbf() + Kernel.Linear(), Kernel.Laplacian().Centered().Normalized()])
        {
            Tensor<T> once = Gram.Compute(x, y, kernel, new() { Device = device, Threads = 1 }), symmetric = Gram.Compute(x, kernel, new() { Device = device, Threads = 1 });
            double[] means = Gram.Summarize(x, kernel, new() { Device = device, Threads = 1 }).RowMeans;
            foreach (int threads in (int[])[2, 3, 5])
            {
                GramOptions options = new() { Device = device, Threads = threads };
                GramAssert.SameBits(Gram.Compute(x, y, kernel, options), once, $"{kernel} on {threads}");
                GramAssert.SameBits(Gram.Compute(x, kernel, options), symmetric, $"{kernel} on {threads}");
                Assert.That(Gram.Summarize(x, kernel, options).RowMeans, Is.EqualTo(means), $"{kernel} on {threads}");
            }
        }
    }

    [Test]
    public void Columns_that_do_not_fit_say_so()
    {
        Tensor<T> x = GramAssert.Tensor<T>(new double[3, 4]), y = GramAssert.Tensor<T>(new double[2, 5]);
        Assert.That(() => Gram.Compute(x, y, Kernel.Rbf(), Options), Throws.ArgumentException.With.Message.Contains("x has 4 features, y has 5"));
        Assert.That(() => Gram.Compute(x, Kernel.Rbf().On(2..7), Options), Throws.ArgumentException.With.Message.Contains("2..7 holds no features of the 4"));
        Assert.That(() => Gram.Compute(x, Kernel.Precomputed(y), Options), Throws.ArgumentException.With.Message.Contains("a precomputed kernel is 2 x 5, the Gram matrix is 3 x 3"));
        Assert.That(() => Gram.Compute(Tensor.Create(new T[8], [2, 2, 2]), Kernel.Rbf(), Options), Throws.ArgumentException.With.Message.Contains("'x' is 2 x 2 x 2; a matrix"));
        Assert.That(() => Gram.Multiply(x, Kernel.Rbf(), y, Options), Throws.ArgumentException.With.Message.Contains("v is 2 x 5, the Gram matrix is 3 x 3"));
        Assert.That(() => Gram.Neighbours(x, Kernel.Rbf(), 3, options: Options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("a row has 2 candidates, itself excluded"));
        Assert.That(() => Gram.Compute(x, x, Kernel.Precomputed(GramAssert.Tensor<T>(new double[3, 3])).Centered(), Options), Throws.ArgumentException.With.Message.Contains("centre or normalise it before it is given"));
        Assert.That(() => GramCentering.Fit(x), Throws.ArgumentException.With.Message.Contains("'gram' is 3 x 4"));
        Assert.That(() => Kernel.Rbf(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Kernel.Matern(2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Kernel.Polynomial(degree: -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Negative_histograms_are_named()
    {
        foreach (int features in (int[])[3, 40])
        {
            double[,] y = GramAssert.Rows<T>(9, features, 1, histograms: true), x = GramAssert.Rows<T>(9, features, 2, histograms: true);
            y[6, 2] = -1e-3;
            Assert.That(
                () => Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), Kernel.ChiSquared().On(1..), Options),
                Throws.ArgumentException.With.Message.StartsWith("y[6, 2] is negative"));
        }
    }

    [Test]
    public void A_kernel_reads_as_its_formula()
    {
        Kernel kernel = (0.5 * Kernel.Rbf(0.1).On(..3)) + Kernel.Linear().Centered();
        Assert.That(kernel.ToString(), Is.EqualTo("0.5 * rbf(gamma=0.1)[0..3] + centred(linear)"));
        Assert.That(Kernel.Matern(2.5, 2).ToString(), Does.StartWith("matern(nu=2.5, lengthScale=2"));
    }

    [Test]
    public void A_program_says_when_it_is_nested_too_deep()
    {
        Kernel deep = Kernel.Linear();
        for (int i = 0; i < GramProgram.MaximumDepth; i++) deep = Kernel.Rbf() + deep;
        Assert.That(() => Gram.Compute(GramAssert.Tensor<T>(new double[2, 2]), deep, Options), Throws.ArgumentException.With.Message.Contains("sum its parts from left to right"));
    }

    [Test]
    public void Every_width_agrees()
    {
        if (engine.Shared is not HostEngine { Width: SimdWidth.Scalar }) return;
        double[,] x = GramAssert.Rows<T>(35, 21, 1, histograms: true);
        foreach (TestEngine other in TestEngines.Present.Where(one => one.Kind == DeviceKind.Host))
        {
            foreach (Kernel kernel in KernelCases.Table.Concat(KernelCases.Composed))
            {
                double[,] scalar = GramAssert.Array(Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options));
                GramAssert.Near(Gram.Compute(GramAssert.Tensor<T>(x), kernel, new() { Device = other.Device }), scalar, scalar, 16 * Tolerances.Gram<T>(21), $"{other}: {kernel}");
            }
        }
    }
}
