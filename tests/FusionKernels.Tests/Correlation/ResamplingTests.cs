using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Tests in the tails, permutations and bootstrap samples.</summary>
[Parallelizable]
public sealed class ResamplingTests
{
    [Test]
    public void P_values_keep_their_digits_deep_in_the_tail()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(300, 2, 2, 3, noise: 0.3);
        CanonicalSignificance tests = CanonicalCorrelation.Fit(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y)).Significance!;
        Assert.That(tests.Wilks[0].P, Is.GreaterThan(0).And.LessThan(1e-60));
        Assert.That(tests.Bartlett[0].P, Is.GreaterThan(0).And.LessThan(1e-60));
        // p = q = 1: every test is that of Pearson's correlation; F = r^2 (n - 2) / (1 - r^2).
        CanonicalCorrelation one = CanonicalCorrelation.Fit(CorrelationData.Tensor<double>(CorrelationData.Columns(x, 0)), CorrelationData.Tensor<double>(CorrelationData.Columns(y, 0)));
        double r = one.Correlations[0], f = r * r * 298 / (1 - (r * r));
        foreach (CorrelationTest test in (CorrelationTest[])[one.Significance!.Wilks[0], one.Significance.Pillai, one.Significance.HotellingLawley, one.Significance.Roy])
        {
            Assert.That(test.F, Is.EqualTo(f).Within(1e-9 * f));
            Assert.That((test.Df1, test.Df2), Is.EqualTo((1.0, 298.0)).Within(1e-9));
        }
    }

    [Test]
    public void Permutations_find_what_is_there_and_repeat()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(60, 4, 3, 3, noise: 0.5);
        ResamplingOptions options = new() { Samples = 200, Seed = 5 };
        PermutationResult result = CanonicalCorrelation.PermutationTest(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), null, options);
        Assert.That(result.P[0], Is.EqualTo(1.0 / 200));
        Assert.That(result.P[2], Is.GreaterThan(0.02));
        Assert.That(result.FamilyWiseP, Is.Ordered);
        PermutationResult again = CanonicalCorrelation.PermutationTest(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), null, options with { Threads = 1 });
        Assert.That(again.P, Is.EqualTo(result.P));
    }

    [Test]
    public void Permutations_agree_with_the_F_of_normal_data()
    {
        // Linnerud: SAS prints 0.0635, 0.9491 and 0.7748; 2000 permutations are within three standard errors or so of normal theory.
        PermutationResult result = CanonicalCorrelation.PermutationTest(SampleViews.Physiological, SampleViews.Exercise, null, new() { Samples = 2000 });
        Assert.That(result.P[0], Is.EqualTo(0.0635).Within(0.03));
        Assert.That(result.P[1], Is.EqualTo(0.9491).Within(0.03));
        Assert.That(result.P[2], Is.EqualTo(0.7748).Within(0.06));
    }

    [Test]
    public void Intervals_hold_the_correlation_and_repeat()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(300, 3, 3, 3, noise: 0.7);
        ResamplingOptions options = new() { Samples = 100, Seed = 2 };
        IReadOnlyList<CorrelationInterval> intervals = CanonicalCorrelation.Bootstrap(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), null, options);
        double r = CanonicalCorrelation.Fit(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y)).Correlations[0];
        Assert.That(r, Is.InRange(intervals[0].Lower, intervals[0].Upper));
        Assert.That(intervals, Is.EqualTo(CanonicalCorrelation.Bootstrap(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), null, options with { Threads = 1 })));
        Assert.That(() => CanonicalCorrelation.Bootstrap(CorrelationData.Tensor<double>(x), CorrelationData.Tensor<double>(y), null, options with { Confidence = 1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
