using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Values that others published, to the digits that they printed.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.All))]
[Parallelizable]
public sealed class KnownValuesTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double[,] s_x = { { 0, 0, 0 }, { 1, 1, 1 } };
    private static readonly double[,] s_y = { { 1, 0, 0 }, { 1, 1, 0 } };

    /// <summary>The docstrings' examples of scikit-learn 1.5, sklearn.metrics.pairwise; digits are cut off, not rounded.</summary>
    private static IEnumerable<TestCaseData> Pairwise()
    {
        yield return Case(Kernel.Linear(), 0, 0, 1, 2);
        yield return Case(Kernel.Polynomial(degree: 2), 1, 1, 1.77, 2.77);
        yield return Case(Kernel.Sigmoid(), 0.76, 0.76, 0.87, 0.93);
        yield return Case(Kernel.Rbf(), 0.71, 0.51, 0.51, 0.71);
        yield return Case(Kernel.Laplacian(), 0.71, 0.51, 0.51, 0.71);
        yield return Case(Kernel.Cosine(), 0, 0, 0.57, 0.81);
        yield return Case(Kernel.ChiSquared(), 0.36, 0.13, 0.13, 0.36);
        yield return Case(Kernel.AdditiveChiSquared(), -1, -2, -2, -1);
        yield return Case(Kernel.Distance(), 1, 1.41, 1.41, 1);
    }

    [TestCaseSource(nameof(Pairwise))]
    public void Scikit_learn_prints_the_same(Kernel kernel, double[] printed)
    {
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(s_x), GramAssert.Tensor<T>(s_y), kernel, new() { Device = engine.Device });
        for (int i = 0; i < 4; i++)
        {
            double value = double.CreateChecked(gram[i / 2, i % 2]);
            Assert.That(Math.Truncate((value + (Math.Sign(value) * 1e-6)) * 100) / 100, Is.EqualTo(printed[i]).Within(1e-9), $"{kernel} at {i / 2}, {i % 2}: {value}");
        }
    }

    /// <summary>The user guide of scikit-learn, section Chi-squared kernel: chi2_kernel(X, gamma=.5).</summary>
    [Test]
    public void The_chi_squared_example_of_the_user_guide_holds()
    {
        double[,] x = { { 0, 1 }, { 1, 0 }, { 0.2, 0.8 }, { 0.7, 0.3 } };
        double[,] expected =
        {
            { 1, 0.36787944, 0.89483932, 0.58364548 },
            { 0.36787944, 1, 0.51341712, 0.83822343 },
            { 0.89483932, 0.51341712, 1, 0.7768366 },
            { 0.58364548, 0.83822343, 0.7768366, 1 },
        };
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.ChiSquared(0.5), new() { Device = engine.Device });
        GramAssert.Near(gram, expected, new double[4, 4], 5e-9 + Tolerances.Gram<T>(2), "chi2");
    }

    /// <summary>Closed forms at distance 1 and l = 1 (Rasmussen and Williams 2006, eqs. 4.17 and 4.19) and at a quarter of a period.</summary>
    [TestCase(0.5, 0.36787944117144233)]
    [TestCase(1.5, 0.4833577245965077)]
    [TestCase(2.5, 0.5239941088318203)]
    public void Matern_holds_at_distance_1(double nu, double expected) => Pair(Kernel.Matern(nu), 1, expected);

    [Test]
    public void Rational_quadratic_and_periodic_hold()
    {
        Pair(Kernel.RationalQuadratic(), 1, 2 / 3.0);
        Pair(Kernel.RationalQuadratic(2, 0.5), 1, 0.25);
        Pair(Kernel.Periodic(), 0.25, 0.36787944117144233);
        Pair(Kernel.Periodic(2, 2), 1, 0.6065306597126334);
    }

    private static TestCaseData Case(Kernel kernel, params double[] printed) => new TestCaseData(kernel, printed).SetArgDisplayNames(kernel.ToString());

    private void Pair(Kernel kernel, double distance, double expected)
    {
        double[,] x = { { 3 } }, y = { { 3 + distance } };
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, new() { Device = engine.Device });
        Assert.That(double.CreateChecked(gram[0, 0]), Is.EqualTo(expected).Within(16 * Tolerances.Epsilon<T>()), kernel.ToString());
    }
}
