using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Solves with Gram matrices that are never stored, products from each engine.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class ConjugateGradientsTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Kernel s_kernel = Kernel.Rbf(1);

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-4 : 1e-11;

    private ConjugateGradientsOptions<T> Options => new() { Device = engine.Device, Tolerance = Tolerance };

    [Test]
    public void Solutions_are_those_of_the_stored_matrix([Values(1, 5, 150)] int rows, [Values(1, 4)] int width, [Values] bool preconditioned)
    {
        Tensor<T> x = FactorMatrices.Random<T>(rows, 3, rows);
        Tensor<double> b = FactorMatrices.Random<double>(rows, width, 2);
        IncompleteCholeskyFactor<T>? factor = preconditioned ? IncompleteCholesky.Factor(x, s_kernel, Math.Min(rows, 20)) : null;
        ConjugateGradientsResult result = ConjugateGradients.Solve(x, s_kernel, b, 0.1, Options with { Preconditioner = factor });
        Assert.That(result.Converged, $"{string.Join(", ", result.RelativeResiduals)}");
        Matrix<double> k = Matrix<double>.Build.DenseOfArray(FusionKernels.Kernels.Grams.GramReference.Compute(s_kernel.Compile(3).Program, GramAssert.Array(x), GramAssert.Array(x)));
        Matrix<double> right = Matrix<double>.Build.DenseOfArray(GramAssert.Array(b));
        Matrix<double> expected = (k + (0.1 * Matrix<double>.Build.DenseIdentity(rows))).Cholesky().Solve(right);

        // An error of the residual is an error of the solution times 1 / ridge at most.
        double allowed = 20 * Tolerance * right.FrobeniusNorm();
        Assert.That((Matrix<double>.Build.DenseOfArray(GramAssert.Array(result.Solution)) - expected).FrobeniusNorm(), Is.LessThan(allowed));
    }

    [Test]
    public void A_preconditioner_saves_iterations()
    {
        Tensor<T> x = FactorMatrices.Random<T>(300, 2, 1);
        Tensor<double> b = FactorMatrices.Random<double>(300, 2, 2);
        ConjugateGradientsOptions<T> options = new() { Device = engine.Device, Tolerance = 1e-3 };
        ConjugateGradientsResult plain = ConjugateGradients.Solve(x, s_kernel, b, 0.1, options);
        ConjugateGradientsResult preconditioned = ConjugateGradients.Solve(x, s_kernel, b, 0.1, options with { Preconditioner = IncompleteCholesky.Factor(x, s_kernel, 40) });
        Assert.That(plain.Converged && preconditioned.Converged);
        Assert.That(preconditioned.Iterations.Max(), Is.LessThan(plain.Iterations.Max() / 2));
    }

    [Test]
    public void Scales_change_nothing_but_the_scale([Values(1e-30, 1e30)] double scale, [Values] bool preconditioned)
    {
        Tensor<T> x = FactorMatrices.Random<T>(90, 3, 4);
        Tensor<double> b = FactorMatrices.Random<double>(90, 2, 5), sides = FactorMatrices.Scaled(b, (_, column) => column == 0 ? 1 : 1 / scale);
        ConjugateGradientsResult expected = ConjugateGradients.Solve(x, s_kernel, b, 0.1, Options);
        Kernel scaled = scale * s_kernel;
        IncompleteCholeskyFactor<T>? factor = preconditioned ? IncompleteCholesky.Factor(x, scaled, 30) : null;
        ConjugateGradientsResult result = ConjugateGradients.Solve(x, scaled, sides, 0.1 * scale, Options with { Preconditioner = factor });
        Assert.That(result.Converged, string.Join(", ", result.RelativeResiduals));
        for (int c = 0; c < 2; c++)
        {
            double unit = (c == 0 ? 1 : 1 / scale) / scale, largest = Enumerable.Range(0, 90).Max(i => Math.Abs(expected.Solution[i, c]));
            for (int i = 0; i < 90; i++) Assert.That(result.Solution[i, c] / unit, Is.EqualTo(expected.Solution[i, c]).Within(100 * Tolerance * largest), $"{i}, {c}");
        }
    }

    [Test]
    public void Zero_sides_are_zero_and_the_rest_is_told()
    {
        Tensor<T> x = FactorMatrices.Random<T>(60, 3, 1);
        Tensor<double> b = FactorMatrices.Random<double>(60, 2, 2);
        for (int i = 0; i < 60; i++) b[i, 0] = 0;
        ConjugateGradientsResult result = ConjugateGradients.Solve(x, s_kernel, b, 1e-3, Options with { MaximumIterations = 2 });
        Assert.That(result.Converged, Is.False);
        Assert.That(result.Iterations, Is.EqualTo<int>([0, 2]));
        Assert.That(result.RelativeResiduals[0], Is.Zero);
        Assert.That(result.RelativeResiduals[1], Is.InRange(Tolerance, 10));
        Assert.That(Enumerable.Range(0, 60).Select(i => result.Solution[i, 0]), Is.All.Zero);
    }

    [Test]
    public void Progress_rises_and_cancelling_stops()
    {
        Tensor<T> x = FactorMatrices.Random<T>(80, 3, 1);
        Tensor<double> b = FactorMatrices.Random<double>(80, 1, 2);
        List<double> told = [];
        ConjugateGradients.Solve(x, s_kernel, b, 0.1, Options with { Progress = new Teller(told.Add) });
        Assert.That(told, Is.Ordered.And.Not.Empty);
        Assert.That(told[^1], Is.EqualTo(1));
        using CancellationTokenSource source = new();
        Assert.That(
            () => ConjugateGradients.Solve(x, s_kernel, b, 0.1, Options with { Progress = new Teller(_ => source.Cancel()), Cancellation = source.Token }),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<T> x = FactorMatrices.Random<T>(10, 3, 1);
        Tensor<double> b = FactorMatrices.Random<double>(10, 1, 2), broken = FactorMatrices.Random<double>(10, 1, 2);
        broken[7, 0] = double.NaN;
        IncompleteCholeskyFactor<T> other = IncompleteCholesky.Factor(FactorMatrices.Random<T>(9, 3, 1), s_kernel, 3);
        Assert.That(() => ConjugateGradients.Solve(x, s_kernel, FactorMatrices.Random<double>(9, 1, 2), 1, Options), Throws.ArgumentException.With.Message.Contains("10 rows"));
        Assert.That(() => ConjugateGradients.Solve(x, s_kernel, broken, 1, Options), Throws.ArgumentException.With.Message.Contains("b[7, 0]"));
        Assert.That(() => ConjugateGradients.Solve(x, s_kernel, b, -1, Options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("ridge"));
        Assert.That(() => ConjugateGradients.Solve(x, s_kernel, b, 1, Options with { Tolerance = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("tolerance"));
        Assert.That(() => ConjugateGradients.Solve(x, s_kernel, b, 1, Options with { Preconditioner = other }), Throws.ArgumentException.With.Message.Contains("9 rows"));
        Assert.That(() => ConjugateGradients.Solve(x, -1.0 * s_kernel, b, 0, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("not positive definite"));
    }

    private sealed class Teller(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
