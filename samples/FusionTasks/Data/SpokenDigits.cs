using System.Numerics.Tensors;
using FusionKernels;

namespace FusionTasks.Data;

/// <summary>Recordings of spoken digits (FSDD), pooled, beside written digits of the same label.</summary>
internal static class SpokenDigits
{
    /// <summary>Mean and deviation of cepstra and of their differences, and one view of written digits; training rows first, speakers as groups.</summary>
    /// <returns>The views, and the first test row.</returns>
    public static (Views Views, int FirstTest) WithWritten(TaskOptions options, string view)
    {
        string folder = options.Require("fsdd/recordings");
        (Tensor<float>[] tables, int[] written) = Handwriting.Tables(options, view);
        Recording[] recordings = [.. Directory.GetFiles(folder, "*.wav").Select(Recording.Of).Where(one => !options.IsTiny || one.Index % 5 == 0)
            .OrderBy(one => one.Index < 5).ThenBy(one => one.Path, StringComparer.Ordinal)];
        string[] speakers = [.. recordings.Select(one => one.Speaker).Distinct().Order(StringComparer.Ordinal)];
        int width = (int)tables[0].Lengths[1], firstTest = recordings.Count(one => one.Index >= 5);
        float[] audio = [.. recordings.SelectMany(one => Pooled(one.Path))], hand = new float[recordings.Length * width];

        // The k-th training recording of a digit meets the k-th of its first 160 written ones; test recordings meet the last 40.
        int[] next = new int[20];
        for (int i = 0; i < recordings.Length; i++)
        {
            int digit = recordings[i].Digit;
            int[] rows = [.. Enumerable.Range(0, written.Length).Where(row => written[row] == digit)];
            int row = i < firstTest ? rows[next[digit]++ % 160] : rows[160 + (next[10 + digit]++ % 40)];
            for (int k = 0; k < width; k++) hand[(i * width) + k] = tables[0][row, k];
        }

        Views views = Views.Of(("audio", Tensor.Create(audio, [recordings.Length, audio.Length / recordings.Length])), (view, Tensor.Create(hand, [recordings.Length, width])));
        return (views.WithLabels([.. recordings.Select(one => one.Digit)]).WithGroups([.. recordings.Select(one => Array.IndexOf(speakers, one.Speaker))]), firstTest);
    }

    private static float[] Pooled(string path)
    {
        Tensor<double> cepstra = Mfcc.Compute(Wav.Read<double>(path), new() { MeanVarianceNormalize = false });
        List<float> pooled = [];
        for (int c = 0; c < cepstra.Lengths[1]; c++)
        {
            double[] track = [.. Enumerable.Range(0, (int)cepstra.Lengths[0]).Select(t => cepstra[t, c])];
            foreach (double[] values in (double[][])[track, [.. track.Skip(1).Zip(track, (after, before) => after - before).DefaultIfEmpty(0)]])
            {
                double mean = values.Average();
                pooled.AddRange((float)mean, (float)Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
            }
        }

        return [.. pooled];
    }

    /// <summary>A file named digit_speaker_index.wav.</summary>
    private sealed record Recording(int Digit, string Speaker, int Index, string Path)
    {
        public static Recording Of(string path)
        {
            string[] parts = System.IO.Path.GetFileNameWithoutExtension(path).Split('_');
            return new(int.Parse(parts[0]), parts[1], int.Parse(parts[2]), path);
        }
    }
}
