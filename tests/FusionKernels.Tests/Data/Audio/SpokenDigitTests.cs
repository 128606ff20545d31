using System.Collections.Concurrent;
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
        var cepstra = new ConcurrentDictionary<string, double[]>();
        Parallel.ForEach(files, file => cepstra[file] = DataAssert.Elements(Mfcc.Compute(Wav.Read<double>(file))));
        string[] known = [.. files.Where(file => Index(file) >= 5)], asked = [.. files.Where(file => Index(file) < 5)];
        Assert.That((known.Length, asked.Length), Is.EqualTo((600, 300)));

        int right = 0;
        Parallel.ForEach(asked, file =>
        {
            string nearest = known.MinBy(other => PlainWarping(cepstra[file], cepstra[other], 13))!;
            if (Digit(nearest) == Digit(file))
                Interlocked.Increment(ref right);
        });
        TestContext.Out.WriteLine($"{right} of {asked.Length}");
        Assert.That(right, Is.GreaterThanOrEqualTo(294));
    }

    private static int Index(string file) => int.Parse(Path.GetFileNameWithoutExtension(file).Split('_')[2], CultureInfo.InvariantCulture);

    private static char Digit(string file) => Path.GetFileName(file)[0];

    /// <summary>The least sum of squared distances along a path, by its recurrence.</summary>
    private static double PlainWarping(double[] x, double[] y, int channels)
    {
        int columns = y.Length / channels;
        double[] above = new double[columns + 1], row = new double[columns + 1];
        Array.Fill(above, double.PositiveInfinity);
        above[0] = 0;
        for (int i = 0; i < x.Length; i += channels)
        {
            row[0] = double.PositiveInfinity;
            for (int j = 0; j < columns; j++)
            {
                double cost = 0;
                for (int c = 0; c < channels; c++)
                {
                    double difference = x[i + c] - y[(j * channels) + c];
                    cost += difference * difference;
                }

                row[j + 1] = cost + Math.Min(above[j], Math.Min(above[j + 1], row[j]));
            }

            (above, row) = (row, above);
        }

        return above[columns];
    }
}
