using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Support vector machines against optimality itself, textbook solutions and properties.</summary>
[TestFixture]
[Parallelizable]
public sealed class KernelSvmTests
{
    /// <summary>Haykin 1999, section 6.6: exclusive or under (1 + x.y)^2; every point is a support vector of weight 1/8.</summary>
    [Test]
    public void Exclusive_or_has_the_textbook_solution()
    {
        Tensor<double> x = Tensor.Create([-1.0, -1, -1, 1, 1, -1, 1, 1], [4, 2]);
        Tensor<double> gram = Gram.Compute(x, Kernel.Polynomial(1, 1, 2));
        KernelSvm svm = KernelSvm.Fit(gram, [1, 0, 0, 1], new() { Cost = double.PositiveInfinity, Tolerance = 1e-9 });
        Assert.That(FusionData.Flat(svm.Coefficients), Is.EqualTo(new[] { -0.125, 0.125, 0.125, -0.125 }).Within(1e-9));
        Assert.That(svm.Biases[0], Is.EqualTo(0).Within(1e-9));
        Assert.That(svm.Objective, Is.EqualTo(0.25).Within(1e-9));
        Assert.That(svm.Predict(gram), Is.EqualTo((int[])[1, 0, 0, 1]));
        Assert.That(FusionData.Flat(svm.DecisionValues(gram)), Is.EqualTo(new[] { -1.0, 1, 1, -1 }).Within(1e-8));
    }

    [TestCase(2, 1.0)]
    [TestCase(17, 0.1)]
    [TestCase(60, 1.0)]
    [TestCase(61, 100.0)]
    public void Primal_and_dual_meet(int rows, double cost)
    {
        Check<float>(rows, cost);
        Check<double>(rows, cost);

        static void Check<T>(int rows, double cost)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Tensor<T> gram = FusionData.Gram<T>(rows, 5, rows);
            Random random = new(rows);
            int[] labels = [.. Enumerable.Range(0, rows).Select(i => i < 2 ? i : random.Next(2))];
            KernelSvm svm = KernelSvm.Fit(gram, labels, new() { Cost = cost, Tolerance = 1e-7 });
            double[] beta = FusionData.Flat(svm.Coefficients), decisions = FusionData.Flat(svm.DecisionValues(gram));
            double norm = 0, hinge = 0;
            for (int i = 0; i < rows; i++)
            {
                double y = labels[i] == 0 ? 1 : -1;
                norm += beta[i] * (decisions[i] - svm.Biases[0]);
                hinge += Math.Max(0, 1 - (y * decisions[i]));
                Assert.That(beta[i] * y, Is.InRange(0, cost));
            }

            Assert.That(beta.Sum(), Is.EqualTo(0).Within(1e-9 * cost));
            Assert.That((norm / 2) + (cost * hinge), Is.EqualTo(svm.Objective).Within(1e-5 * rows * cost));
            Assert.That(svm.Gap, Is.LessThan(1e-7));
        }
    }

    [Test]
    public void Bits_depend_neither_on_threads_nor_on_width()
    {
        Tensor<float> gram = FusionData.Gram<float>(90, 7, 3);
        int[] labels = [.. Enumerable.Range(0, 90).Select(i => i * i % 5)];
        double[] expected = FusionData.Flat(KernelSvm.Fit(gram, labels, new() { Threads = 1, Probabilities = true }).Coefficients);
        foreach (TestEngine engine in TestEngines.Present.Where(engine => engine.Kind == DeviceKind.Host))
        {
            KernelSvm svm = KernelSvm.Fit(gram, labels, new() { Device = engine.Device, Probabilities = true });
            Assert.That(FusionData.Flat(svm.Coefficients), Is.EqualTo(expected), engine.Name);
        }
    }

    [Test]
    public void Many_classes_vote_and_probabilities_add_up()
    {
        Views views = FusionData.Halves(160, 2, 5);
        KernelFusionModel model = KernelFusion.Fit(views);
        double[] probabilities = FusionData.Flat(model.PredictProbabilities(views));
        Assert.That(probabilities.Chunk(4).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
        Assert.That(probabilities, Is.All.InRange(0, 1));
        int[] likeliest = [.. probabilities.Chunk(4).Select(row => Array.IndexOf(row, row.Max()))];
        Assert.That(FusionData.Accuracy(likeliest, views), Is.GreaterThan(0.97));
        Assert.That(FusionData.Accuracy(model, views), Is.GreaterThan(0.97));
    }

    /// <summary>Where pairs agree, p(i) / (p(i) + p(j)), coupling gives back what they came from.</summary>
    [Test]
    public void Coupling_gives_back_probabilities_that_agree()
    {
        double[] p = [0.5, 0.2, 0.25, 0.05], pairs = new double[16], coupled = new double[4];
        for (int at = 0; at < 16; at++) pairs[at] = p[at / 4] / (p[at / 4] + p[at % 4]);
        PairwiseCoupling.Couple(pairs, coupled);
        Assert.That(coupled, Is.EqualTo(p).Within(1e-4));
    }

    /// <summary>A sigmoid's own draws lead back to it.</summary>
    [Test]
    public void Platt_finds_the_sigmoid_that_made_the_labels()
    {
        Random random = new(1);
        double[] decisions = [.. Enumerable.Range(0, 20_000).Select(_ => (4 * random.NextDouble()) - 2)];
        sbyte[] signs = [.. decisions.Select(f => (sbyte)(random.NextDouble() < 1 / (1 + Math.Exp((-2 * f) + 0.5)) ? 1 : -1))];
        PlattSigmoid fit = PlattSigmoid.Fit(decisions, signs);
        Assert.That((fit.A, fit.B), Is.EqualTo((-2.0, 0.5)).Using<(double A, double B)>((a, b) => Math.Abs(a.A - b.A) < 0.1 && Math.Abs(a.B - b.B) < 0.1));
    }

    [Test]
    public void Rows_give_way_where_there_is_little_room_without_changing_anything()
    {
        // Three rows at a time are the least there is room for: what is asked again is gathered again.
        Tensor<double> gram = FusionData.Gram<double>(30, 4, 9);
        int[] rows = [.. Enumerable.Range(0, 30)];
        unsafe
        {
            using System.Buffers.MemoryHandle handle = gram.GetPinnedHandle();
            SvmGramRows<double> source = new(Operand<double>.Pinned(handle, 30, 30, 30, 1), rows, 8, 0.5);
            for (int i = 0; i < 30; i++)
            {
                double[] row = source[i];
                Assert.That(row[i], Is.EqualTo(gram[i, i] + 0.5));
                Assert.That(row[(i + 1) % 30], Is.EqualTo(gram[i, (i + 1) % 30]));
            }

            Assert.That(source.Length, Is.EqualTo(32));
        }
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        Tensor<float> gram = FusionData.Gram<float>(4, 3, 1);
        Assert.That(() => KernelSvm.Fit(gram, [1, 1, 1, 1]), Throws.ArgumentException.With.Message.Contains("one class, 1"));
        Assert.That(() => KernelSvm.Fit(gram, [1, 2, 1]), Throws.ArgumentException.With.Message.Contains("of 4 rows, there are labels of 3"));
        Assert.That(() => KernelSvm.Fit(gram, [1, 2, 1, 1], new() { Cost = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => KernelSvm.Fit(gram, [1, 2, 1, 1], new() { Probabilities = true }), Throws.ArgumentException.With.Message.Contains("class 2 has one row"));
        KernelSvm svm = KernelSvm.Fit(gram, [1, 2, 1, 2]);
        Assert.That(() => svm.Predict(Tensor.Create(new float[6], [2, 3])), Throws.ArgumentException.With.Message.Contains("must be rows x 4"));
        Assert.That(() => svm.PredictProbabilities(gram), Throws.InvalidOperationException.With.Message.Contains("without probabilities"));
        gram.AsTensorSpan()[2, 1] = float.NaN;
        Assert.That(() => KernelSvm.Fit(gram, [1, 2, 1, 2]), Throws.ArgumentException.With.Message.Contains("[2, 1] is not a finite number"));
    }
}
