using FusionKernels.Bench;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>What learned methods reach on real data, on the mean of three seeds, beside what plain ones reach by the same protocol: the cases of the benchmarks' <c>--learned-table</c>.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class LearnedRealDataTests
{
    private static IEnumerable<TestCaseData> Cases =>
        LearnedCases.Of("").Select((one, place) => new TestCaseData(place).SetArgDisplayNames(one.ToString()));

    [TestCaseSource(nameof(Cases))]
    public void The_mean_over_seeds_passes_the_bar(int place)
    {
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(SharedData.Require("mfeat/mfeat-pix.csv")))!;
        LearnedCase one = LearnedCases.Of(folder)[place];
        double[] figures = [.. ((ulong[])[1, 2, 3]).Select(seed => one.Reach(seed).Value)];
        TestContext.Out.WriteLine($"{one}: {string.Join(", ", figures.Select(figure => figure.ToString("f3", System.Globalization.CultureInfo.InvariantCulture)))}; {one.Reference}");
        Assert.That(one.Passes(figures.Average()), $"{one}: {figures.Average():f4}");
    }
}
