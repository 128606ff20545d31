using System.Numerics.Tensors;

namespace FusionKernels.Tests.Fusion;

/// <summary>Recordings of spoken digits, pooled, beside written digits of the same label.</summary>
internal static class SpokenDigits
{
    /// <summary>Mean and deviation of cepstra and of their differences over each recording, and one view of written digits; training rows first, speakers as groups.</summary>
    /// <returns>The views, and the first test row.</returns>
    public static (Views Views, int FirstTest) WithWritten(string view)
    {
        string folder = SharedData.Require("fsdd/recordings");
        CsvTable table = SharedData.Handwriting(view);
        int[] written = [.. table.ToLabels(table.ColumnCount - 1).Indices];
        Tensor<float> features = table.Without(table.ColumnCount - 1).ToTensor<float>();
        List<(int Digit, string Speaker, int Index, string Path)> files = [.. Directory.GetFiles(folder, "*.wav").Select(path =>
        {
            string[] parts = Path.GetFileNameWithoutExtension(path).Split('_');
            return (int.Parse(parts[0]), parts[1], int.Parse(parts[2]), path);
        }).OrderBy(one => one.Item3 < 5).ThenBy(one => one.path, StringComparer.Ordinal)];
        string[] speakers = [.. files.Select(one => one.Speaker).Distinct().Order(StringComparer.Ordinal)];
        int width = (int)features.Lengths[1], first = files.Count(one => one.Index >= 5);
        float[] audio = [.. files.SelectMany(one => Pooled(one.Path))], hand = new float[files.Count * width];

        // The k-th training recording of a digit meets the k-th of its first 160 written ones; test recordings meet the last 40.
        int[] next = new int[20];
        for (int i = 0; i < files.Count; i++)
        {
            int digit = files[i].Digit;
            int[] rows = [.. Enumerable.Range(0, written.Length).Where(row => written[row] == digit)];
            int row = i < first ? rows[next[digit]++ % 160] : rows[160 + (next[10 + digit]++ % 40)];
            for (int k = 0; k < width; k++) hand[(i * width) + k] = features[row, k];
        }

        Views views = Views.Of(("audio", Tensor.Create(audio, [files.Count, audio.Length / files.Count])), (view, Tensor.Create(hand, [files.Count, width])))
            .WithLabels([.. files.Select(one => one.Digit)])
            .WithGroups([.. files.Select(one => Array.IndexOf(speakers, one.Speaker))]);
        return (views, first);
    }

    private static float[] Pooled(string path)
    {
        Tensor<double> cepstra = Mfcc.Compute(Wav.Read<double>(path), new() { MeanVarianceNormalize = false });
        int frames = (int)cepstra.Lengths[0], coefficients = (int)cepstra.Lengths[1];
        float[] pooled = new float[4 * coefficients];
        for (int c = 0; c < coefficients; c++)
        {
            double[] track = [.. Enumerable.Range(0, frames).Select(t => cepstra[t, c])];
            double[] steps = [.. track.Skip(1).Zip(track, (after, before) => after - before).DefaultIfEmpty(0)];
            (pooled[4 * c], pooled[(4 * c) + 1]) = Moments(track);
            (pooled[(4 * c) + 2], pooled[(4 * c) + 3]) = Moments(steps);
        }

        return pooled;

        static (float Mean, float Deviation) Moments(double[] values)
        {
            double mean = values.Average();
            return ((float)mean, (float)Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }
    }
}
