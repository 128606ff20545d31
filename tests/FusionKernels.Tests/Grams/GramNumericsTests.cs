using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Data that is far from the origin, near each other, tiny, huge or no number at all.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class GramNumericsTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Kernel[] s_ofDistances =
        [Kernel.Rbf(), Kernel.Laplacian(), Kernel.Exponential(), Kernel.Matern(), Kernel.Matern(2.5), Kernel.RationalQuadratic(), Kernel.Periodic()];

    private GramOptions Options => new() { Device = engine.Device };

    private GramOptions Propagate => new() { Device = engine.Device, NonFinite = NonFiniteInput.Propagate };

    [TestCase(1)]
    [TestCase(16)]
    public void Points_far_from_the_origin_give_a_positive_semi_definite_rbf_gram(int features)
    {
        const int points = 513;
        double[,] x = new double[points, features];
        for (int i = 0; i < points; i++)
        {
            for (int k = 0; k < features; k++) x[i, k] = 500 + (i / (double)(points - 1));
        }

        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf(1), Options);
        double smallest = Matrix<double>.Build.DenseOfArray(GramAssert.Array(gram)).Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real);
        Assert.That(smallest, Is.GreaterThanOrEqualTo(-Tolerances.Eigenvalue<T>(points)));
        for (int i = 0; i < points; i++) Assert.That(gram[i, i], Is.EqualTo(T.One), $"diagonal {i}");
    }

    [Test]
    public void Kernels_of_distances_do_not_see_where_the_origin_is([ValueSource(nameof(s_ofDistances))] Kernel kernel)
    {
        // Multiples of 1/64 stay exact in float32 after 1e4 is added.
        foreach (int features in (int[])[3, 40])
        {
            double[,] near = GramAssert.Rows<T>(60, features, 1), far = new double[60, features];
            for (int i = 0; i < 60; i++)
            {
                for (int k = 0; k < features; k++)
                {
                    near[i, k] = Math.Round(near[i, k] * 64) / 64;
                    far[i, k] = near[i, k] + 1e4;
                }
            }

            GramAssert.Near(Gram.Compute(GramAssert.Tensor<T>(far), kernel, Options), kernel, near, near, $"{kernel}, {features} features");
        }
    }

    [Test]
    public void Duplicate_rows_are_at_distance_0([ValueSource(nameof(s_ofDistances))] Kernel kernel)
    {
        foreach (int features in (int[])[2, 33])
        {
            double[,] x = GramAssert.Rows<T>(40, features, 1);
            for (int i = 20; i < 40; i++)
            {
                for (int k = 0; k < features; k++) x[i, k] = x[i - 20, k];
            }

            Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options);
            for (int i = 0; i < 20; i++)
            {
                Assert.That(gram[i, i + 20], Is.EqualTo(T.One), $"{kernel}: row {i} and its copy");
                for (int j = 0; j < 20; j++) Assert.That(gram[i, j + 20], Is.EqualTo(gram[i, j]).Within(Tolerances.Gram<T>(features)), $"{kernel} at {i}, {j}");
            }
        }
    }

    [Test]
    public void A_row_that_is_not_finite_is_named([ValueSource(typeof(KernelCases), nameof(KernelCases.Table))] Kernel kernel)
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            foreach (int features in (int[])[5, 20])
            {
                double[,] x = GramAssert.Rows<T>(30, features, 1, histograms: true), y = GramAssert.Rows<T>(20, features, 2, histograms: true);
                y[7, 3] = bad;
                Assert.That(
                    () => Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, Options),
                    Throws.ArgumentException.With.Message.StartsWith("y[7, 3] is not a finite number"),
                    $"{kernel} {bad}");
                Assert.That(() => Gram.Compute(GramAssert.Tensor<T>(y), kernel, Options), Throws.ArgumentException.With.Message.StartsWith("x[7, 3] is not a finite number"));
            }
        }
    }

    [Test]
    public void A_feature_that_no_kernel_reads_may_be_anything()
    {
        double[,] x = GramAssert.Rows<T>(30, 9, 1);
        Tensor<T> clean = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf().On(..4) + Kernel.Cosine().On(5..), Options);
        for (int i = 0; i < 30; i++) x[i, 4] = double.NaN;
        GramAssert.SameBits(Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Rbf().On(..4) + Kernel.Cosine().On(5..), Options), clean, "feature 4");
    }

    [Test]
    public void What_is_not_finite_stays_in_its_row_and_column([ValueSource(typeof(KernelCases), nameof(KernelCases.Table))] Kernel kernel)
    {
        foreach (int features in (int[])[4, 30])
        {
            double[,] x = GramAssert.Rows<T>(37, features, 1, histograms: true), y = GramAssert.Rows<T>(41, features, 2, histograms: true);
            (double[,] xBad, double[,] yBad) = ((double[,])x.Clone(), (double[,])y.Clone());
            xBad[5, 2] = yBad[11, 1] = double.NaN;
            xBad[20, 0] = double.PositiveInfinity;
            Tensor<T> spread = Gram.Compute(GramAssert.Tensor<T>(xBad), GramAssert.Tensor<T>(yBad), kernel, Propagate);
            Tensor<T> clean = Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, Propagate);
            bool constant = kernel.ToString().Contains("degree=0", StringComparison.Ordinal);
            double tolerance = 8 * Tolerances.Gram<T>(features) * (1 + GramAssert.Array(clean).Cast<double>().Max(Math.Abs));
            for (int i = 0; i < 37; i++)
            {
                for (int j = 0; j < 41; j++)
                {
                    if (i == 20) continue; // as IEEE 754 says: NaN, an infinity or the function's limit
                    if (i == 5 || j == 11) Assert.That(T.IsNaN(spread[i, j]) || constant, $"{kernel}: [{i}, {j}] is {spread[i, j]}");
                    else Assert.That(double.CreateChecked(spread[i, j]), Is.EqualTo(double.CreateChecked(clean[i, j])).Within(tolerance), $"{kernel}: [{i}, {j}]");
                }
            }
        }
    }

    [Test]
    public void Huge_rows_never_give_NaN([ValueSource(typeof(KernelCases), nameof(KernelCases.Table))] Kernel kernel)
    {
        double scale = typeof(T) == typeof(float) ? 1e30 : 1e300;
        foreach (int features in (int[])[3, 24])
        {
            double[,] x = GramAssert.Rows<T>(19, features, 1, histograms: true);
            for (int i = 0; i < 19; i++)
            {
                for (int k = 0; k < features; k++) x[i, k] *= scale;
            }

            try
            {
                Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options);
                Assert.That(GramAssert.Elements(gram), Has.None.Matches<T>(T.IsNaN), kernel.ToString());
                if (Array.Exists(s_ofDistances, one => one.ToString() == kernel.ToString()) || kernel.ToString().StartsWith("chi2", StringComparison.Ordinal))
                {
                    for (int i = 0; i < 19; i++) Assert.That(gram[i, i], Is.EqualTo(T.One), kernel.ToString());
                }
            }
            catch (NumericalException refusal)
            {
                Assert.That(refusal.Message, Does.Contain("x, row 0: its squared norm is beyond the range of"));
                Assert.That(kernel.ToString(), Does.StartWith("linear").Or.StartWith("poly").Or.StartWith("sigmoid").Or.StartWith("cosine"));
            }
        }
    }

    [Test]
    public void Tiny_rows_keep_their_similarity_or_are_refused()
    {
        double scale = typeof(T) == typeof(float) ? 1e-30 : 1e-250;
        double[,] x = GramAssert.Rows<T>(9, 12, 1, histograms: true), tiny = new double[9, 12];
        for (int i = 0; i < 9; i++)
        {
            for (int k = 0; k < 12; k++) tiny[i, k] = double.CreateChecked(T.CreateChecked(x[i, k] * scale));
        }

        Tensor<T> chi = Gram.Compute(GramAssert.Tensor<T>(tiny), Kernel.AdditiveChiSquared(), Options);
        Tensor<T> expected = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.AdditiveChiSquared(), Options);
        for (int i = 0; i < 9; i++)
        {
            for (int j = 0; j < 9; j++) Assert.That(double.CreateChecked(chi[i, j]) / scale, Is.EqualTo(double.CreateChecked(expected[i, j])).Within(Tolerances.Gram<T>(12)), $"{i}, {j}");
        }

        Assert.That(() => Gram.Compute(GramAssert.Tensor<T>(tiny), Kernel.Cosine(), Options), Throws.TypeOf<NumericalException>().With.Message.Contains("x, row 0").And.Message.Contains("scale the features"));
        Assert.That(GramAssert.Elements(Gram.Compute(GramAssert.Tensor<T>(tiny), Kernel.Rbf(), Options)), Has.All.EqualTo(T.One));
    }

    [Test]
    public void A_zero_row_has_cosine_0_with_every_row()
    {
        double[,] x = GramAssert.Rows<T>(9, 12, 1);
        for (int k = 0; k < 12; k++) x[4, k] = 0;
        Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Cosine(), Options);
        for (int j = 0; j < 9; j++) Assert.That(gram[4, j], Is.EqualTo(T.Zero));
        Tensor<T> normalised = Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Linear().Normalized(), Options);
        for (int j = 0; j < 9; j++) Assert.That(normalised[4, j], Is.EqualTo(T.Zero));
    }
}
