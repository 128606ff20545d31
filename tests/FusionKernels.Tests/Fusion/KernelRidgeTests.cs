using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Kernel ridge regression and classification, against a solve by another library.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Parallelizable]
public sealed class KernelRidgeTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Kernel s_kernel = Kernel.Rbf(0.5);

    [Test]
    public void Coefficients_solve_the_system([Values(1, 5, 100, 211)] int rows, [Values(1, 3)] int outputs)
    {
        Tensor<T> gram = Gram.Compute(Rows(rows, 1), s_kernel, Host);
        Tensor<double> targets = GramAssert.Tensor<double>(GramAssert.Rows<double>(rows, outputs, 2));
        KernelRidge model = KernelRidge.Fit(gram, targets, 1e-2);
        Matrix<double> system = Matrix<double>.Build.DenseOfArray(GramAssert.Array(gram)) + (1e-2 * Matrix<double>.Build.DenseIdentity(rows));
        Matrix<double> expected = system.Solve(Matrix<double>.Build.DenseOfArray(GramAssert.Array(targets)));

        // The residual is no larger than the roundings of its own terms.
        double terms = system.L2Norm() * expected.FrobeniusNorm() / GramAssert.Elements(targets).Sum(Math.Abs);
        Assert.That(model.RelativeResidual, Is.LessThan(Tolerances.Residual(rows) * (1 + terms)));
        Assert.That(model.Outputs, Is.EqualTo(outputs));
        Assert.That(GramAssert.Array(model.Coefficients).Cast<double>(), Is.EqualTo(expected.ToArray().Cast<double>()).AsCollection.Within(1e-8 * expected.FrobeniusNorm()));
    }

    [Test]
    public void Predictions_are_the_kernel_sums()
    {
        Tensor<T> training = Rows(80, 1), fresh = Rows(33, 2);
        Tensor<double> targets = GramAssert.Tensor<double>(GramAssert.Rows<double>(80, 2, 3));
        KernelRidge model = KernelRidge.Fit(Gram.Compute(training, s_kernel, Host), targets);
        Tensor<T> against = Gram.Compute(fresh, training, s_kernel, Host);
        Tensor<double> predicted = model.Predict(against), coefficients = model.Coefficients;
        for (int i = 0; i < 33; i++)
        {
            for (int o = 0; o < 2; o++)
            {
                double sum = 0, magnitude = 0;
                for (int j = 0; j < 80; j++)
                {
                    sum += double.CreateChecked(against[i, j]) * coefficients[j, o];
                    magnitude += Math.Abs(double.CreateChecked(against[i, j]) * coefficients[j, o]);
                }

                Assert.That(predicted[i, o], Is.EqualTo(sum).Within(Tolerances.Sum<double>(80, 0) * magnitude), $"{i}, {o}");
            }
        }

        Tensor<double> vector = Tensor.Create(GramAssert.Elements(GramAssert.Tensor<double>(GramAssert.Rows<double>(80, 1, 4))), [80]);
        Assert.That(KernelRidge.Fit(Gram.Compute(training, s_kernel, Host), vector).Outputs, Is.EqualTo(1));
    }

    [Test]
    public void A_smooth_function_is_learnt()
    {
        double[,] x = new double[60, 1], fresh = new double[40, 1], y = new double[60, 1];
        for (int i = 0; i < 60; i++) y[i, 0] = Math.Sin(x[i, 0] = i / 10.0);
        for (int i = 0; i < 40; i++) fresh[i, 0] = 0.33 + (i / 8.0);
        KernelRidge model = KernelRidge.Fit(Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf(1), Host), GramAssert.Tensor<double>(y), 1e-4);
        Tensor<double> predicted = model.Predict(Gram.Compute(GramAssert.Tensor<T>(fresh), GramAssert.Tensor<T>(x), Kernel.Rbf(1), Host));
        for (int i = 0; i < 40; i++) Assert.That(predicted[i, 0], Is.EqualTo(Math.Sin(double.CreateChecked(T.CreateChecked(fresh[i, 0])))).Within(5e-3), $"{fresh[i, 0]}");
    }

    [Test]
    public void Refinement_gains_digits_where_the_factor_lost_them()
    {
        double[,] x = new double[120, 1];
        for (int i = 0; i < 120; i++) x[i, 0] = i / 30.0;
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf(0.05), Host);
        double ridge = typeof(T) == typeof(float) ? 1e-4 : 1e-10;
        KernelRidge model = KernelRidge.Fit(gram, GramAssert.Tensor<double>(GramAssert.Rows<double>(120, 1, 1)), ridge);

        // The residual is no larger than the roundings of its own terms, which grow with the coefficients.
        double coefficients = Math.Sqrt(GramAssert.Elements(model.Coefficients).Sum(c => c * c));
        double norm = Matrix<double>.Build.DenseOfArray(GramAssert.Array(gram)).L2Norm();
        double targets = Math.Sqrt(GramAssert.Rows<double>(120, 1, 1).Cast<double>().Sum(v => v * v));
        Assert.That(model.RelativeResidual, Is.LessThan(Tolerances.Residual(120) * norm * coefficients / targets));
    }

    [Test]
    public void Classes_that_lie_apart_are_told_apart()
    {
        (double[,] training, int[] labels) = Clusters(90, 1);
        (double[,] fresh, int[] truth) = Clusters(60, 2);
        KernelRidgeClassifier model = KernelRidgeClassifier.Fit(Gram.Compute(GramAssert.Tensor<T>(training), Kernel.Rbf(1), Host), labels);
        Tensor<T> against = Gram.Compute(GramAssert.Tensor<T>(fresh), GramAssert.Tensor<T>(training), Kernel.Rbf(1), Host);
        Assert.That(model.Classes, Is.EqualTo<int>([-4, 7, 100]));
        Assert.That(model.Predict(against), Is.EqualTo(truth));
        Tensor<double> decisions = model.DecisionValues(against);
        Assert.That(decisions.Lengths.ToArray(), Is.EqualTo(new nint[] { 60, 3 }));
        for (int i = 0; i < 60; i++) Assert.That(decisions[i, Array.IndexOf([-4, 7, 100], truth[i])], Is.Positive);
    }

    [Test]
    public void Ties_go_to_the_lower_class_and_NaN_has_none()
    {
        Tensor<T> gram = GramAssert.Tensor<T>(new double[,] { { 1, 0 }, { 0, 1 } });
        KernelRidgeClassifier model = KernelRidgeClassifier.Fit(gram, [9, 2]);
        Assert.That(model.Predict(GramAssert.Tensor<T>(new double[,] { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 0.5, 0.5 } })), Is.EqualTo<int>([2, 9, 2, 2]));
        Assert.That(() => model.Predict(GramAssert.Tensor<T>(new double[,] { { 0, 1 }, { double.NaN, 0 } })), Throws.ArgumentException.With.Message.Contains("row 1 of the Gram matrix is not finite"));
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        using HostEngine four = new(4, ((HostEngine)Host.Device!.Engine).Width);
        using ComputeDevice device = ComputeDevice.Over(four);
        Tensor<T> gram = Gram.Compute(Rows(150, 1), s_kernel, Host);
        Tensor<double> targets = GramAssert.Tensor<double>(GramAssert.Rows<double>(150, 3, 2));
        Tensor<double> once = KernelRidge.Fit(gram, targets, options: new() { Device = device, Threads = 1 }).Coefficients;
        GramAssert.SameBits(KernelRidge.Fit(gram, targets, options: new() { Device = device, Threads = 4 }).Coefficients, once, "4 threads");
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<T> gram = GramAssert.Tensor<T>(new double[,] { { 1, 0.5 }, { 0.5, 1 } });
        Tensor<double> targets = GramAssert.Tensor<double>(new double[2, 1]);
        Assert.That(() => KernelRidge.Fit(GramAssert.Tensor<T>(new double[2, 3]), targets), Throws.ArgumentException.With.Message.Contains("the Gram matrix is 2 x 3; that of the training rows is square"));
        Assert.That(() => KernelRidge.Fit(gram, GramAssert.Tensor<double>(new double[3, 1])), Throws.ArgumentException.With.Message.Contains("of 2 rows, there are targets of 3"));
        Assert.That(() => KernelRidge.Fit(gram, GramAssert.Tensor<double>(new double[,] { { 0 }, { double.NaN } })), Throws.ArgumentException.With.Message.Contains("targets[1, 0] is not a finite number"));
        Assert.That(() => KernelRidge.Fit(GramAssert.Tensor<T>(new double[,] { { 1, 0.5 }, { double.NaN, 1 } }), targets), Throws.ArgumentException.With.Message.Contains("not finite at [1, 0]"));
        Assert.That(() => KernelRidge.Fit(GramAssert.Tensor<T>(new double[,] { { 1, 0.5 }, { 0.25, 1 } }), targets), Throws.ArgumentException.With.Message.Contains("not symmetric: [1, 0] is 0.25, [0, 1] is 0.5"));
        Assert.That(() => KernelRidge.Fit(gram, targets, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => KernelRidge.Fit(GramAssert.Tensor<T>(new double[,] { { 1, 2 }, { 2, 1 } }), targets), Throws.TypeOf<NumericalException>().With.Message.StartsWith("KernelRidge.Fit: pivot 1:"));
        Assert.That(() => KernelRidge.Fit(gram, targets).Predict(GramAssert.Tensor<T>(new double[4, 3])), Throws.ArgumentException.With.Message.Contains("the Gram matrix is 4 x 3; fitted to 2 training rows"));
        Assert.That(() => KernelRidgeClassifier.Fit(gram, [3, 3]), Throws.ArgumentException.With.Message.Contains("the 2 labels are of one class, 3"));
        Assert.That(() => KernelRidgeClassifier.Fit(gram, [3, 4, 5]), Throws.ArgumentException.With.Message.Contains("of 2 rows, there are targets of 3"));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => KernelRidge.Fit(gram, targets, options: new() { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private static GramOptions Host => new() { Device = TestEngines.Present.First(engine => engine.Kind == DeviceKind.Host).Device };

    private static Tensor<T> Rows(int rows, int seed) => GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, 3, seed));

    private static (double[,] Rows, int[] Labels) Clusters(int count, int seed)
    {
        double[,] rows = GramAssert.Rows<double>(count, 2, seed);
        int[] labels = new int[count], classes = [7, 100, -4];
        for (int i = 0; i < count; i++)
        {
            labels[i] = classes[i % 3];
            rows[i, 0] += 4 * (i % 3);
            rows[i, 1] -= 3 * (i % 3);
        }

        return (rows, labels);
    }
}
