using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Linear canonical correlation on every engine, against its definition.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class CanonicalCorrelationTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private CanonicalCorrelationOptions Options => new() { Device = engine.Device };

    [TestCase(40, 3, 3)]
    [TestCase(101, 7, 2)]
    [TestCase(300, 17, 13)]
    [TestCase(65, 1, 1)]
    [TestCase(64, 1, 5)]
    public void Every_route_gives_the_correlations_of_the_definition(int rows, int p, int q)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(rows, p, q, rows);
        double[] expected = CorrelationOracle.Correlations(x, y);
        foreach (CorrelationRoute route in Enum.GetValues<CorrelationRoute>())
        {
            CanonicalCorrelation model = Fit(x, y, Options with { Route = route });
            Assert.That(model.Correlations, Is.EqualTo(expected).AsCollection.Within(Tolerances.Correlation<T>(p + q)), $"{route}");
            Assert.That(model.Rank, Is.EqualTo(Math.Min(p, q)));
            Assert.That(model.Route, route == CorrelationRoute.Auto ? Is.EqualTo(CorrelationRoute.HalfProduct) : Is.EqualTo(route));
        }
    }

    [Test]
    public void Variates_have_unit_variance_and_correlate_as_said([Values(0, 0.1)] double ridge)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(211, 6, 4, 5);
        CanonicalCorrelation model = Fit(x, y, Options with { Ridge = ridge });
        (Tensor<T> u, Tensor<T> v) = model.Transform(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y));
        double within = Tolerances.Correlation<T>(10);
        for (int k = 0; k < model.Components; k++)
        {
            double[] left = CorrelationData.Column(u, k), right = CorrelationData.Column(v, k);
            Assert.That(left.Average(), Is.EqualTo(0).Within(within));
            Assert.That(left.Sum(value => value * value) / 210, Is.EqualTo(1).Within(within));
            Assert.That(right.Sum(value => value * value) / 210, Is.EqualTo(1).Within(within));
            double r = CorrelationData.Pearson(left, right);
            Assert.That(r, ridge == 0 ? Is.EqualTo(model.Correlations[k]).Within(within) : Is.GreaterThan(0));
            double[] weights = CorrelationData.Column(model.XWeights, k);
            double[] standardized = [.. weights.Select((weight, i) => weight * model.XDeviation[i])];
            Assert.That(standardized.MaxBy(Math.Abs), Is.GreaterThan(0));
        }
    }

    private static CanonicalCorrelation Fit(double[,] x, double[,] y, CanonicalCorrelationOptions options) =>
        CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y), options);
}

/// <summary>The same on the simulated devices, which take their time: one small shape.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
public sealed class CorrelationOnDeviceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Correlations_are_those_of_the_definition()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(23, 3, 2, 4);
        CanonicalCorrelation model = CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y), new() { Device = engine.Device });
        Assert.That(model.Correlations, Is.EqualTo(CorrelationOracle.Correlations(x, y)).AsCollection.Within(Tolerances.Correlation<T>(5)));
    }

    [Test]
    public void Permutations_and_bootstrap_samples_are_those_of_the_host()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(30, 3, 2, 4, noise: 0.4);
        Tensor<T> left = CorrelationData.Tensor<T>(x), right = CorrelationData.Tensor<T>(y);
        using ComputeDevice host = ComputeDevice.Open("host");
        ResamplingOptions here = new() { Samples = 40, Seed = 3, Device = engine.Device }, there = here with { Device = host };
        PermutationResult found = CanonicalCorrelation.PermutationTest(left, right, null, here), expected = CanonicalCorrelation.PermutationTest(left, right, null, there);
        Assert.That(found.P[0], Is.EqualTo(1.0 / 40), "a correlation that is there: no permutation reaches it");

        // Statistics that lie within a rounding of the data's own may fall on either side.
        Assert.That(found.P, Is.EqualTo(expected.P).AsCollection.Within(1.01 / 40));
        IReadOnlyList<CorrelationInterval> intervals = CanonicalCorrelation.Bootstrap(left, right, null, here with { Samples = 8 }), reference = CanonicalCorrelation.Bootstrap(left, right, null, there with { Samples = 8 });
        Assert.That(intervals.Select(one => one.Lower), Is.EqualTo(reference.Select(one => one.Lower)).AsCollection.Within(Tolerances.Correlation<T>(5)));
        Assert.That(intervals.Select(one => one.Upper), Is.EqualTo(reference.Select(one => one.Upper)).AsCollection.Within(Tolerances.Correlation<T>(5)));
        Assert.That(CorrelationOracle.Correlations(x, y)[0], Is.InRange(intervals[0].Lower - 0.1, 1));
    }
}
