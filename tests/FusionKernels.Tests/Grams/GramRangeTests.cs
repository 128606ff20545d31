using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Parameters and values at the ends of the element's range: an exception that names them, and never a NaN.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class GramRangeTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly bool s_isSingle = typeof(T) == typeof(float);

    private static readonly string s_name = s_isSingle ? "float32" : "float64";

    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void A_parameter_beyond_the_range_of_the_element_is_named()
    {
        if (s_isSingle)
        {
            Refused(Kernel.Rbf(1e60), "rbf(gamma=1E+60): gamma=1E+60 leads beyond the range of float32: choose a moderate value or use float64");
            Refused(Kernel.Rbf(1e-60), "gamma=1E-60");
            Refused(Kernel.Laplacian(1e39), "gamma=1E+39");
            Refused(Kernel.ChiSquared(1e39), "gamma=1E+39");
            Refused(Kernel.Polynomial(1e39, 0), "gamma=1E+39");
            Refused(Kernel.Polynomial(1, -1e39), "coef0=-1E+39");
            Refused(Kernel.Sigmoid(coef0: 1e39), "coef0=1E+39");
            Refused(Kernel.Matern(2.5, 1e-60), "lengthScale=1E-60");
            Refused(Kernel.RationalQuadratic(1e60), "alpha=1E+60");
            Refused(Kernel.RationalQuadratic(1, 1e30), "lengthScale=1E+30");
            Refused(Kernel.Periodic(1e-60), "period=1E-60");
            Refused(Kernel.Periodic(1, 1e-30), "lengthScale=1E-30");
            Refused(Kernel.Rbf() + 1e60 * Kernel.Linear(), "1E+60 * linear: weight=1E+60");
        }

        Refused(Kernel.RationalQuadratic(1, 1e-200), "rational-quadratic(alpha=1, lengthScale=1E-200): lengthScale=1E-200 leads beyond the range of " + s_name);
        Refused(Kernel.Periodic(1, 1e200).Centered(), "lengthScale=1E+200");
        Refused(Kernel.Periodic(1e-310), "period=1E-310");

        void Refused(Kernel kernel, string words)
        {
            Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(3, 2, 1, histograms: true)), v = GramAssert.Tensor<T>(new double[3, 1]);
            Assert.That(() => Gram.Compute(x, kernel, Options), Throws.ArgumentException.With.Message.Contains(words));
            Assert.That(() => Gram.Multiply(x, kernel, v, Options), Throws.ArgumentException.With.Message.Contains(words));
            Assert.That(() => Gram.Plan<T>(3, null, 2, kernel), Throws.ArgumentException.With.Message.Contains(words));
        }
    }

    [Test]
    public void Parameters_at_the_ends_of_the_range_give_numbers()
    {
        double large = s_isSingle ? 3e38 : 1e308, small = s_isSingle ? 1e-37 : 1e-307;
        Kernel[] kernels =
        [
            Kernel.Rbf(large), Kernel.Rbf(small), Kernel.Laplacian(large), Kernel.Exponential(small), Kernel.Sigmoid(large, -large), Kernel.Matern(1.5, small * 100),
            Kernel.Matern(2.5, large), Kernel.RationalQuadratic(large / 4), Kernel.RationalQuadratic(small), Kernel.Polynomial(small, large, 1), Kernel.ChiSquared(large), Kernel.Periodic(large / 100),
        ];
        foreach (Kernel kernel in kernels)
        {
            foreach (int features in (int[])[3, 20])
            {
                double[,] x = GramAssert.Rows<T>(7, features, 1, histograms: true);
                Tensor<T> gram = Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options);
                Assert.That(GramAssert.Elements(gram), Has.All.Matches<T>(T.IsFinite), $"{kernel}, {features} features");
            }
        }
    }

    [Test]
    public void A_row_whose_kernel_overflows_is_named()
    {
        double large = s_isSingle ? 1e10 : 1e120;
        double[,] x = GramAssert.Rows<T>(40, 12, 1, histograms: true), y = GramAssert.Rows<T>(30, 12, 2, histograms: true);
        for (int k = 0; k < 12; k++) y[17, k] = large * (1 + k);
        Kernel[] kernels =
        [
            Kernel.Polynomial(), Kernel.Polynomial().Centered(), Kernel.Polynomial().Normalized(), Kernel.Polynomial() + (-1 * Kernel.Polynomial(coef0: 2)),
            Kernel.Polynomial() * Kernel.Cosine(), 0.5 * (Kernel.Rbf() + Kernel.Polynomial().On(3..)).Centered(), (Kernel.Linear() * Kernel.Linear() * Kernel.Polynomial(degree: 2)).Normalized(),
        ];
        Tensor<T> rows = GramAssert.Tensor<T>(x), bad = GramAssert.Tensor<T>(y);
        for (int k = 0; k < 12; k++) x[5, k] = y[17, k] / 2;
        Tensor<T> others = GramAssert.Tensor<T>(x);
        foreach (Kernel kernel in kernels)
        {
            Assert.That(() => Gram.Compute(bad, kernel, Options), Refused("x, row 17"), kernel.ToString());
            Assert.That(() => Gram.Compute(others, bad, kernel.On(..11), Options), Refused("y, row 17"), kernel.ToString());
            Assert.That(() => Gram.Compute(bad, others, kernel.On(..11), Options), Refused("x, row 17"), kernel.ToString());
            Assert.That(() => Gram.Multiply(bad, kernel, GramAssert.Tensor<T>(new double[30, 2]), Options), Refused("x, row 17"), kernel.ToString());
            Assert.That(() => Gram.Neighbours(bad, kernel, 2, options: Options), Refused("x, row 17"), kernel.ToString());
            Assert.That(() => Gram.Diagonal(bad, kernel, Options), Refused("x, row 17"), kernel.ToString());
            Tensor<T> spread = Gram.Compute(bad, kernel, new() { Device = engine.Device, NonFinite = NonFiniteInput.Propagate });
            Assert.That(spread.Lengths[0], Is.EqualTo((nint)30), "on request IEEE 754 has its way");
            if (!KernelCases.UsesMeans(kernel)) continue;
            Assert.That(() => Gram.Compute(rows, bad, kernel, Options), Refused("y, row 17"), $"{kernel}: the columns among themselves");
        }

        Assert.That(() => Gram.Compute(rows, (large * large * Kernel.Rbf()) * (large * large * Kernel.Rbf()), Options), s_isSingle ? Refused("every row") : Throws.TypeOf<NumericalException>());
    }

    [Test]
    public void Differences_of_features_that_overflow_are_named()
    {
        double largest = s_isSingle ? float.MaxValue : double.MaxValue;
        foreach (int features in (int[])[3, 20])
        {
            double[,] x = GramAssert.Rows<T>(11, features, 1, histograms: true);
            x[4, 1] = 0.9 * largest;
            Tensor<T> rows = GramAssert.Tensor<T>(x);
            Assert.That(() => Gram.Compute(rows, Kernel.Periodic(), Options), Refused("x, row 4: feature 1 over the period"));
            Assert.That(() => Gram.Compute(rows, Kernel.ChiSquared(), Options), Refused("x, row 4: feature 1 is beyond half the range"));
            x[4, 1] = 1e20;
            if (s_isSingle) Assert.That(() => Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Periodic(1e-20), Options), Refused("x, row 4: feature 1 over the period"));
            Assert.That(GramAssert.Elements(Gram.Compute(GramAssert.Tensor<T>(x), Kernel.Periodic(), Options)), Has.All.Matches<T>(T.IsFinite));
            x[4, 1] = 0.4 * largest;
            Assert.That(GramAssert.Elements(Gram.Compute(GramAssert.Tensor<T>(x), Kernel.ChiSquared(), Options)), Has.All.Matches<T>(T.IsFinite));
            Assert.That(() => Gram.Compute(GramAssert.Tensor<T>(x), Kernel.AdditiveChiSquared().Centered(), Options), Refused("x, row 4"));
        }
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string words) => Throws.TypeOf<NumericalException>().With.Message.Contains(words).And.Message.Contains("scale the features");
}
