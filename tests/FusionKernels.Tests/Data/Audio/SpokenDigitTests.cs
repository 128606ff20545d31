using System.Globalization;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Sound, cepstra and warping together, on recordings whose recognition rate is known.</summary>
[Parallelizable]
internal sealed class SpokenDigitTests
{
    /// <summary>Free Spoken Digit Dataset, 8 kHz: recordings 5 to 14 of each speaker and digit are known, 0 to 4 are asked.</summary>
    [Test]
    public void Nearest_neighbours_under_warping_know_98_percent_of_the_digits()
    {
        string[] files = Directory.GetFiles(SharedData.Require("fsdd/recordings"), "*.wav");
        Array.Sort(files, StringComparer.Ordinal);
        string[] known = [.. files.Where(file => Index(file) >= 5)], asked = [.. files.Where(file => Index(file) < 5)];
        Assert.That((known.Length, asked.Length), Is.EqualTo((600, 300)));
        DtwClassifierScore score = DtwClassifier<float>.Fit(Cepstra(known)).Score(Cepstra(asked));
        TestContext.Out.WriteLine($"{score.Total - score.Errors} of {score.Total}");
        Assert.That(score.Accuracy, Is.GreaterThanOrEqualTo(0.98));
    }

    private static TimeSeriesSet<float> Cepstra(string[] files) => new(
        "spoken digits", [.. files.AsParallel().AsOrdered().Select(file => Mfcc.Compute(Wav.Read<float>(file)))], ClassLabels.From([.. files.Select(file => Path.GetFileName(file)[..1])]));

    private static int Index(string file) => int.Parse(Path.GetFileNameWithoutExtension(file).Split('_')[2], CultureInfo.InvariantCulture);
}
