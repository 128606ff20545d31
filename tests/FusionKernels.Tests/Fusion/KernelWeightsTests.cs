using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Learned weights of kernels against their definitions, written out in float64.</summary>
[TestFixture]
[Parallelizable]
public sealed class KernelWeightsTests
{
    private const int Rows = 41;
    private static readonly int[] s_labels = [.. Enumerable.Range(0, Rows).Select(i => i % 3)];

    [Test]
    public void Alignment_is_its_definition()
    {
        Check<float>(1e-5);
        Check<double>(1e-12);

        static void Check<T>(double tolerance)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            // 1, 3, 4 and 5 matrices: below, at and beyond a register tile; rows beyond a block of rows.
            foreach (int count in (int[])[1, 3, 4, 5])
            {
                List<Tensor<T>> grams = [.. Enumerable.Range(0, count).Select(m => Kind<T>(m))];
                KernelWeightsResult result = KernelWeights.Align(grams, s_labels);
                double[][] centred = [.. grams.Select(Centred)];
                double[] target = Centred(Ideal());
                double[] expected = [.. centred.Select(one => Cosine(one, target))];
                Assert.That(result.Alignments, Is.EqualTo(expected).Within(tolerance));
                double[] clipped = [.. expected.Select(value => Math.Max(0, value))];
                Assert.That(result.Weights, Is.EqualTo(clipped.Select(value => value / clipped.Sum())).Within(10 * tolerance));
                double[] sum = new double[Rows * Rows];
                for (int m = 0; m < count; m++)
                {
                    for (int at = 0; at < sum.Length; at++) sum[at] += result.Weights[m] * centred[m][at];
                }

                Assert.That(result.Objective, Is.EqualTo(Cosine(sum, target)).Within(tolerance));
            }
        }
    }

    /// <summary>Conditions of optimality of min v'Mv - 2 v'a over v of 0 or more, and no other weights align better.</summary>
    [Test]
    public void Alignf_aligns_best()
    {
        List<Tensor<double>> grams = [.. Enumerable.Range(0, 6).Select(Kind<double>)];
        KernelWeightsResult best = KernelWeights.AlignF(grams, s_labels);
        Assert.That(best.Weights, Is.All.GreaterThanOrEqualTo(0));
        Assert.That(best.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
        double[][] centred = [.. grams.Select(Centred)];
        double[] target = Centred(Ideal());
        Assert.That(Of([.. best.Weights]), Is.EqualTo(best.Objective).Within(1e-12));
        Random random = new(1);
        for (int trial = 0; trial < 200; trial++)
        {
            double[] other = [.. best.Weights.Select(weight => Math.Max(0, weight + (0.1 * FusionData.Gauss(random))))];
            if (other.Sum() > 0) Assert.That(Of(other), Is.LessThanOrEqualTo(best.Objective + 1e-12));
        }

        // The same kernel twice shares its weight instead of breaking the solver.
        KernelWeightsResult twice = KernelWeights.AlignF([grams[0], grams[0], grams[1]], s_labels);
        KernelWeightsResult once = KernelWeights.AlignF([grams[0], grams[1]], s_labels);
        Assert.That(twice.Weights[0] + twice.Weights[1], Is.EqualTo(once.Weights[0]).Within(1e-6));

        double Of(double[] weights)
        {
            double[] sum = new double[Rows * Rows];
            for (int m = 0; m < weights.Length; m++)
            {
                for (int at = 0; at < sum.Length; at++) sum[at] += weights[m] * centred[m][at];
            }

            return Cosine(sum, target);
        }
    }

    /// <summary>
    /// Least (1 - lambda) g'YKYg + lambda g'g of the mean kernel over g of 0 or more that add up to 1 on each side (Aiolli and Donini 2015, equation 4), by projected
    /// gradients; the weight of a kernel is its part of g'YKYg.
    /// </summary>
    [TestCase(0.05)]
    [TestCase(0.4)]
    public void Easymkl_weighs_by_the_margin_problem(double lambda)
    {
        List<Tensor<double>> grams = [Knowing<double>(1), Kind<double>(3), Knowing<double>(1.5), Kind<double>(5)];
        KernelWeightsResult result = KernelWeights.EasyMkl(grams, s_labels, new() { Lambda = lambda });
        double[] mean = new double[4], kernel = [.. Enumerable.Range(0, Rows * Rows).Select(at => grams.Average(gram => gram[at / Rows, at % Rows]))];
        for (int c = 0; c < 3; c++)
        {
            double[] signs = [.. s_labels.Select(label => label == c ? 1.0 : -1)], g = Nearest(signs), signed = [.. g.Zip(signs, (a, b) => a * b)];
            double[] forms = [.. grams.Select(gram => Form(gram, signed))];
            for (int m = 0; m < 4; m++)
            {
                Assert.That(result.PerClass![c, m], Is.EqualTo(forms[m] / forms.Sum()).Within(1e-4), $"class {c}, kernel {m}");
                mean[m] += forms[m] / forms.Sum() / 3;
            }
        }

        Assert.That(result.Weights, Is.EqualTo(mean).Within(1e-4));

        double[] Nearest(double[] signs)
        {
            int[][] sides = [[.. Enumerable.Range(0, Rows).Where(i => signs[i] > 0)], [.. Enumerable.Range(0, Rows).Where(i => signs[i] < 0)]];
            double[] g = new double[Rows];
            foreach (int[] side in sides) Array.ForEach(side, i => g[i] = 1.0 / side.Length);
            for (int step = 0; step < 20000; step++)
            {
                double[] signed = [.. g.Zip(signs, (a, b) => a * b)];
                double[] gradient = [.. Enumerable.Range(0, Rows).Select(i => (lambda * g[i]) + ((1 - lambda) * signs[i] * TensorPrimitives.Dot<double>(kernel.AsSpan(i * Rows, Rows), signed)))];
                double[] moved = [.. g.Zip(gradient, (a, b) => a - (b / Rows))]; // the greatest eigenvalue of a matrix of 1 on its diagonal is at most Rows
                foreach (int[] side in sides)
                {
                    double[] projected = OnSimplex([.. side.Select(i => moved[i])]);
                    for (int k = 0; k < side.Length; k++) moved[side[k]] = projected[k];
                }

                bool isDone = moved.Zip(g, (a, b) => Math.Abs(a - b)).Max() < 1e-12;
                g = moved;
                if (isDone) break;
            }

            return g;
        }

        static double[] OnSimplex(double[] point)
        {
            double sum = 0, shift = 0;
            double[] descending = [.. point.OrderDescending()];
            for (int k = 0; k < descending.Length; k++)
            {
                sum += descending[k];
                if (descending[k] > (sum - 1) / (k + 1)) shift = (sum - 1) / (k + 1);
            }

            return [.. point.Select(value => Math.Max(0, value - shift))];
        }

        static double Form(Tensor<double> gram, double[] vector) => Enumerable.Range(0, Rows).Sum(i => Enumerable.Range(0, Rows).Sum(j => vector[i] * gram[i, j] * vector[j]));
    }

    [Test]
    public void Every_method_prefers_the_kernel_that_knows_and_tells_its_weights()
    {
        List<Tensor<float>> grams = [Kind<float>(2), Knowing<float>(0.5), Kind<float>(4)];
        foreach (KernelWeightsResult result in (KernelWeightsResult[])
            [KernelWeights.Align(grams, s_labels), KernelWeights.AlignF(grams, s_labels), KernelWeights.EasyMkl(grams, s_labels), KernelWeights.SimpleMkl(grams, s_labels)])
        {
            Assert.That(result.Weights, Has.Count.EqualTo(3));
            Assert.That(result.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
            Assert.That(result.Weights, Is.All.GreaterThanOrEqualTo(0));
            Assert.That(result.Weights.Max(), Is.EqualTo(result.Weights[1]));
        }

        Tensor<double> perClass = KernelWeights.EasyMkl(grams, s_labels).PerClass!;
        Assert.That(perClass.Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 3 }));
        Assert.That(FusionData.Flat(perClass).Chunk(3).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
    }

    /// <summary>No weights make the machines' objective smaller than SimpleMKL's, up to its gap.</summary>
    [Test]
    public void Simplemkl_reaches_the_least_objective()
    {
        List<Tensor<double>> grams = [Knowing<double>(1), Kind<double>(3), Knowing<double>(1.5)];
        KernelWeightsResult result = KernelWeights.SimpleMkl(grams, s_labels, new() { Cost = 5, Gap = 1e-3 });
        Assert.That(Objective([.. result.Weights]), Is.EqualTo(result.Objective).Within(1e-2 * result.Objective));
        for (int a = 0; a <= 10; a++)
        {
            for (int b = 0; a + b <= 10; b++) Assert.That(Objective([a / 10.0, b / 10.0, (10 - a - b) / 10.0]), Is.GreaterThan(0.995 * result.Objective));
        }

        Assert.That(result.Descents, Is.GreaterThan(0));

        double Objective(double[] weights)
        {
            Tensor<double> sum = Tensor.CreateFromShape<double>([Rows, Rows]);
            for (int m = 0; m < 3; m++) sum = Tensor.Add<double>(sum, Tensor.Multiply<double>(grams[m], weights[m]));
            return KernelSvm.Fit(sum, s_labels, new() { Cost = 5 }).Objective;
        }
    }

    /// <summary>Half of y' (K + ridge I)^-1 y, solved densely, is nowhere smaller on the simplex.</summary>
    [Test]
    public void Simplemkl_of_targets_reaches_the_least_objective()
    {
        List<Tensor<double>> grams = [Knowing<double>(1), Kind<double>(3), Knowing<double>(1.5)];
        Random random = new(2);
        double[] values = [.. Enumerable.Range(0, 2 * Rows).Select(at => at % 2 == 0 ? s_labels[at / 2] + (0.3 * FusionData.Gauss(random)) : 100 - (20.0 * (s_labels[at / 2] % 2)))];
        KernelWeightsResult result = KernelWeights.SimpleMkl(grams, Tensor.Create(values, [Rows, 2]), new() { Ridge = 0.05, Gap = 1e-4 });
        Matrix<double> y = Matrix<double>.Build.Dense(Rows, 2, (i, c) => values[(2 * i) + c]);
        for (int c = 0; c < 2; c++)
        {
            MathNet.Numerics.LinearAlgebra.Vector<double> deviations = y.Column(c) - y.Column(c).Average();
            y.SetColumn(c, deviations / Math.Sqrt(deviations.DotProduct(deviations) / Rows));
        }

        Assert.That(Objective([.. result.Weights]), Is.EqualTo(result.Objective).Within(1e-9 * result.Objective));
        for (int a = 0; a <= 20; a++)
        {
            for (int b = 0; a + b <= 20; b++) Assert.That(Objective([a / 20.0, b / 20.0, (20 - a - b) / 20.0]), Is.GreaterThan((1 - 1e-4) * result.Objective));
        }

        Assert.That(result.Descents, Is.GreaterThan(0));
        Assert.That(result.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(() => KernelWeights.SimpleMkl(grams, Tensor.Create(values, [Rows, 2]), new() { Ridge = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Ridge must be a finite number above 0"));
        Assert.That(() => KernelWeights.SimpleMkl(grams, Tensor.Create(new double[Rows], [Rows])), Throws.ArgumentException.With.Message.Contains("the same in every row"));

        double Objective(double[] weights)
        {
            Matrix<double> k = Matrix<double>.Build.Dense(Rows, Rows, (i, j) => (i == j ? 0.05 : 0) + Enumerable.Range(0, 3).Sum(m => weights[m] * grams[m][i, j]));
            return 0.5 * (y.Transpose() * k.Solve(y)).Trace();
        }
    }

    [Test]
    public void Targets_align_too_and_bits_do_not_depend_on_threads()
    {
        List<Tensor<float>> grams = [Kind<float>(2), Knowing<float>(0.2), Kind<float>(3)];
        Tensor<double> targets = Tensor.Create([.. s_labels.Select(label => label == 1 ? 1.0 : label - 3)], [Rows]);
        KernelWeightsResult one = KernelWeights.AlignF(grams, targets, new() { Threads = 1 }), two = KernelWeights.AlignF(grams, targets, new() { Threads = 2 });
        Assert.That(one.Weights, Is.EqualTo(two.Weights));
        Assert.That(one.Weights.Max(), Is.EqualTo(one.Weights[1]));
        Assert.That(KernelWeights.Align(grams, targets).Weights.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        Tensor<float> good = Kind<float>(2), bad = Kind<float>(3), small = FusionData.Gram<float>(3, 2, 1);
        bad.AsTensorSpan()[7, 3] = float.NaN;
        Assert.That(() => KernelWeights.AlignF([good, small], s_labels), Throws.ArgumentException.With.Message.Contains("Gram matrix 1 is 3 x 3").And.Message.Contains("41 x 41"));
        Assert.That(() => KernelWeights.AlignF([good, bad], s_labels), Throws.ArgumentException.With.Message.Contains("row 7 of Gram matrix 1 is not finite"));
        Assert.That(() => KernelWeights.EasyMkl([good, bad], s_labels), Throws.ArgumentException.With.Message.Contains("[7, 3]"));
        Assert.That(() => KernelWeights.Align<float>([], s_labels), Throws.ArgumentException.With.Message.Contains("no kernels"));
        Assert.That(() => KernelWeights.EasyMkl([good], s_labels, new() { Lambda = 1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    /// <summary>A random kernel.</summary>
    private static Tensor<T> Kind<T>(int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => FusionData.Gram<T>(Rows, 4 + seed, seed);

    /// <summary>The radial kernel of classes on a triangle, with noise.</summary>
    private static Tensor<T> Knowing<T>(double noise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(3);
        T[] x = [.. Enumerable.Range(0, Rows * 3).Select(at => T.CreateTruncating((s_labels[at / 3] == at % 3 ? 2 : 0) + (noise * FusionData.Gauss(random))))];
        return Gram.Compute(Tensor.Create(x, [Rows, 3]), Kernel.Rbf(0.3));
    }

    private static Tensor<double> Ideal() => Tensor.Create([.. Enumerable.Range(0, Rows * Rows).Select(at => s_labels[at / Rows] == s_labels[at % Rows] ? 1.0 : 0)], [Rows, Rows]);

    private static double[] Centred<T>(Tensor<T> gram)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] means = new double[Rows], values = new double[Rows * Rows];
        for (int at = 0; at < values.Length; at++) means[at / Rows] += double.CreateTruncating(gram[at / Rows, at % Rows]) / Rows;
        for (int at = 0; at < values.Length; at++) values[at] = double.CreateTruncating(gram[at / Rows, at % Rows]) - means[at / Rows] - means[at % Rows] + means.Average();
        return values;
    }

    private static double Cosine(double[] a, double[] b) => TensorPrimitives.Dot<double>(a, b) / (TensorPrimitives.Norm<double>(a) * TensorPrimitives.Norm<double>(b));

    [Test]
    public void A_sum_is_that_of_weighted_elements()
    {
        Tensor<float>[] grams = [FusionData.Gram<float>(37, 4, 1), FusionData.Gram<float>(37, 4, 2), FusionData.Gram<float>(37, 4, 3)];
        Tensor<float> sum = KernelWeights.Sum(grams, [0.5, 0, 2]);
        for (int i = 0; i < 37; i++)
        {
            for (int j = 0; j < 37; j++) Assert.That(sum[i, j], Is.EqualTo((float)((0.5 * grams[0][i, j]) + (2.0 * grams[2][i, j]))));
        }

        Assert.That(() => KernelWeights.Sum(grams, [1]), Throws.ArgumentException.With.Message.Contains("3 matrices and 1 weights"));
        Assert.That(() => KernelWeights.Sum(grams, [1, 1, double.NaN]), Throws.ArgumentException.With.Message.Contains("matrix 2"));
        Assert.That(() => KernelWeights.Sum(Array.Empty<Tensor<float>>(), []), Throws.ArgumentException);
    }
}
