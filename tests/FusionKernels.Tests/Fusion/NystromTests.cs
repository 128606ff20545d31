using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Gram matrices by landmarks: equal to the exact ones where every row is one, and nearer the more there are.</summary>
[TestFixture]
[Parallelizable]
public sealed class NystromTests
{
    private static readonly Kernel s_kernel = Kernel.Rbf(0.5);

    [Test]
    public void With_every_row_a_landmark_machines_are_those_of_the_exact_matrix()
    {
        (Tensor<double> x, int[] labels) = Rows(90, 1);
        (Tensor<double> news, _) = Rows(30, 2);
        NystromFactor factor = Nystrom.Fit(x, s_kernel, new() { Landmarks = 90 });
        Assert.That(factor.Landmarks, Is.EqualTo(Enumerable.Range(0, 90)));
        Tensor<double> gram = Gram.Compute(x, s_kernel), against = Gram.Compute(news, x, s_kernel);
        Tensor<double> targets = Tensor.Create([.. labels.SelectMany((label, i) => (double[])[label + Math.Sin(i), x[i, 0]])], [90, 2]);

        // K is rebuilt to the eigenvalues that count, those above 90 units in the last place of the largest.
        Equal(KernelRidge.Fit(factor, targets, 0.1).Predict(against), KernelRidge.Fit(gram, targets, 0.1).Predict(against), 1e-8);
        Equal(KernelRidgeClassifier.Fit(factor, labels, 0.1).DecisionValues(against), KernelRidgeClassifier.Fit(gram, labels, 0.1).DecisionValues(against), 1e-8);
        KernelSvmOptions options = new() { Tolerance = 1e-8, Probabilities = true };
        (KernelSvm near, KernelSvm exact) = (KernelSvm.Fit(factor, labels, options), KernelSvm.Fit(gram, labels, options));
        Equal(near.DecisionValues(against), exact.DecisionValues(against), 1e-5);
        Equal(near.PredictProbabilities(against), exact.PredictProbabilities(against), 1e-4);
        Assert.That(near.Objective, Is.EqualTo(exact.Objective).Within(1e-6 * exact.Objective));
        (GaussianProcess low, GaussianProcess full) = (GaussianProcess.Fit(factor, targets), GaussianProcess.Fit(gram, targets));
        Assert.That((low.Noise, low.LogMarginalLikelihood), Is.EqualTo((full.Noise, full.LogMarginalLikelihood)).Using<(double Noise, double Log)>((a, b) => a.Noise == b.Noise && Math.Abs(a.Log - b.Log) < 1e-6));
        Equal(low.Predict(against).Means, full.Predict(against).Means, 1e-7);
        Equal(low.Predict(against).Variances, full.Predict(against).Variances, 1e-6);
    }

    [TestCase(LandmarkChoice.Uniform)]
    [TestCase(LandmarkChoice.Leverage)]
    public void Errors_fall_with_landmarks(LandmarkChoice choice)
    {
        (Tensor<double> x, int[] labels) = Rows(240, 3);
        (Tensor<double> news, int[] truth) = Rows(200, 4);
        double[] errors = [], wrong = [];
        foreach (int landmarks in (int[])[6, 24, 96, 240])
        {
            double error = 0, missed = 0;
            for (int seed = 0; seed < 3; seed++)
            {
                NystromFactor factor = Nystrom.Fit(x, s_kernel, new() { Landmarks = landmarks, Choice = choice, Seed = seed });
                Assert.That(factor.Landmarks, Is.Ordered.And.Unique.And.Count.EqualTo(landmarks));
                error += Enumerable.Range(0, 240).Average(i => 1 - Square(factor.Features, i)) / 3; // k(x, x) = 1
                KernelSvm svm = KernelSvm.Fit(factor, labels);
                missed += svm.Predict(Gram.Compute(news, Taken(x, factor.Landmarks), s_kernel)).Where((label, i) => label != truth[i]).Count() / 600.0;
            }

            errors = [.. errors, error];
            wrong = [.. wrong, missed];
        }

        TestContext.Out.WriteLine($"{choice}: diagonal off by {string.Join(", ", errors.Select(one => $"{one:e1}"))}, wrong {string.Join(", ", wrong.Select(one => $"{one:p1}"))}");
        Assert.That(errors, Is.Ordered.Descending);
        Assert.That(errors[^1], Is.LessThan(1e-8));
        Assert.That(wrong[0], Is.GreaterThan(wrong[2]));
        Assert.That(wrong[2], Is.EqualTo(wrong[3]).Within(0.02));
    }

    [Test]
    public void Leverage_finds_the_rows_that_others_say_nothing_of()
    {
        // A crowd of 290 and ten rows each far from all others: uniform landmarks pass them by.
        Random random = new(5);
        double[] values = [.. Enumerable.Range(0, 600).Select(at => at < 580 ? 0.1 * FusionData.Gauss(random) : 10 + (20 * (at / 2 - 290)) + (at % 2))];
        Tensor<double> x = Tensor.Create(values, [300, 2]);
        double Found(LandmarkChoice choice) => Enumerable.Range(0, 5).Average(seed => Nystrom.Fit(x, s_kernel, new() { Landmarks = 40, Choice = choice, Seed = seed }).Landmarks.Count(row => row >= 290));
        Assert.That(Found(LandmarkChoice.Leverage), Is.GreaterThan(2 * Found(LandmarkChoice.Uniform)));
    }

    [Test]
    public void Any_columns_will_do_and_machines_learn_the_matrix_that_they_make()
    {
        (Tensor<double> x, int[] labels) = Rows(70, 6);
        Tensor<double> gram = Gram.Compute(x, s_kernel);
        NystromOptions options = new() { Landmarks = 15, Seed = 3 };
        NystromFactor factor = Nystrom.Fit(70, rows => GramPart.Take(gram, [.. Enumerable.Range(0, 70)], rows), options), same = Nystrom.Fit(x, s_kernel, options);
        Assert.That(factor.Landmarks, Is.EqualTo(same.Landmarks));
        Equal(factor.Features, same.Features, 1e-9);
        Equal(factor.Map(GramPart.Take(gram, [.. Enumerable.Range(0, 70)], [.. factor.Landmarks])), factor.Features, 1e-12);

        // The machine of the factor is the machine of F F' as a stored matrix.
        Tensor<double> product = Gram.Compute(factor.Features, Kernel.Linear()), against = GramPart.Take(gram, [.. Enumerable.Range(0, 70)], [.. factor.Landmarks]);
        KernelSvmOptions tight = new() { Tolerance = 1e-9 };
        Equal(KernelSvm.Fit(factor, labels, tight).DecisionValues(against), KernelSvm.Fit(product, labels, tight).DecisionValues(product), 1e-6);
        Equal(KernelRidge.Fit(factor, Tensor.Create([.. labels.Select(label => (double)label)], [70]), 0.01).Predict(against), KernelRidge.Fit(product, Tensor.Create([.. labels.Select(label => (double)label)], [70]), 0.01).Predict(product), 1e-8);
        KernelSvm[] threads = [KernelSvm.Fit(factor, labels, new() { Threads = 1 }), KernelSvm.Fit(factor, labels, new() { Threads = 3 })];
        Assert.That(FusionData.Flat(threads[0].Coefficients), Is.EqualTo(FusionData.Flat(threads[1].Coefficients)));
    }

    [Test]
    public void Single_precision_keeps_what_its_rounding_leaves()
    {
        (Tensor<double> wide, int[] labels) = Rows(120, 7);
        Tensor<float> x = Tensor.ConvertSaturating<double, float>(wide);
        NystromFactor factor = Nystrom.Fit(x, s_kernel, new() { Landmarks = 120 });
        Assert.That(factor.Rank, Is.LessThan(120));
        Tensor<float> gram = Gram.Compute(x, s_kernel);
        Equal(KernelRidgeClassifier.Fit(factor, labels, 0.1).DecisionValues(gram), KernelRidgeClassifier.Fit(gram, labels, 0.1).DecisionValues(gram), 2e-2);
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        (Tensor<double> x, int[] labels) = Rows(20, 8);
        NystromFactor factor = Nystrom.Fit(x, s_kernel, new() { Landmarks = 5 });
        Assert.That(() => Nystrom.Fit(x, s_kernel, new() { Landmarks = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Nystrom.Fit(x, s_kernel, new() { Tolerance = 1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Nystrom.Fit(x, s_kernel, new() { LeverageRidge = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Nystrom.Fit(20, _ => Tensor.Create(new double[4], [2, 2]), new() { Landmarks = 5 }), Throws.ArgumentException.With.Message.Contains("are 2 x 2; 20 x 5 is needed"));
        Assert.That(() => Nystrom.Fit(20, _ => Tensor.Create(new double[100], [20, 5]), new() { Landmarks = 5 }), Throws.ArgumentException.With.Message.Contains("no eigenvalue above 0"));
        Assert.That(() => factor.Map(Tensor.Create(new double[4], [1, 4])), Throws.ArgumentException.With.Message.Contains("rows x 5"));
        Assert.That(() => KernelSvm.Fit(factor, labels.AsSpan(1)), Throws.ArgumentException.With.Message.Contains("20 rows, there are labels of 19"));
        Assert.That(() => KernelRidge.Fit(factor, Tensor.Create(new double[19], [19])), Throws.ArgumentException.With.Message.Contains("targets of 19"));
        Assert.That(() => GaussianProcess.Fit(factor, Tensor.Create(new double[19], [19])), Throws.ArgumentException.With.Message.Contains("of 20 rows"));
    }

    /// <summary>Three classes along a spiral, with noise.</summary>
    private static (Tensor<double> X, int[] Labels) Rows(int rows, int seed)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 3)];
        double[] values = new double[rows * 2];
        for (int i = 0; i < rows; i++)
        {
            double radius = 0.5 + (3 * random.NextDouble()), angle = (2 * Math.PI * labels[i] / 3) + radius;
            (values[2 * i], values[(2 * i) + 1]) = ((radius * Math.Cos(angle)) + (0.15 * FusionData.Gauss(random)), (radius * Math.Sin(angle)) + (0.15 * FusionData.Gauss(random)));
        }

        return (Tensor.Create(values, [rows, 2]), labels);
    }

    private static double Square(Tensor<double> features, int row) => Enumerable.Range(0, (int)features.Lengths[1]).Sum(k => features[row, k] * features[row, k]);

    private static Tensor<double> Taken(Tensor<double> x, IReadOnlyList<int> rows) => GramPart.Rows(x, [.. rows]);

    private static void Equal(Tensor<double> actual, Tensor<double> expected, double within)
    {
        Assert.That(actual.Lengths.ToArray(), Is.EqualTo(expected.Lengths.ToArray()));
        Assert.That(FusionData.Flat(actual), Is.EqualTo(FusionData.Flat(expected)).Within(within));
    }
}
