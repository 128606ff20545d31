using System.Globalization;
using System.Numerics.Tensors;
using FusionKernels;

namespace FusionTasks.Data;

/// <summary>Utterance-level sets in the layout of docs/fusion.md: a folder of one file for each modality, labels and speakers.</summary>
internal static class Utterances
{
    private static readonly string[] s_reserved = ["labels", "speakers", "presence"];

    /// <summary>Reads a folder.</summary>
    /// <exception cref="DataAbsentException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">Files are of different lengths, or a mark of presence is neither 0 nor 1.</exception>
    public static Views Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DataAbsentException($"there is no folder {folder}");
        string[] files = [.. Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is ".npy" or ".csv").Where(file => !s_reserved.Contains(Path.GetFileNameWithoutExtension(file))).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new DataAbsentException($"{folder} has no modality: .npy or .csv files of utterances x features beside labels.csv and speakers.csv");
        string[] labels = Lines(folder, "labels"), speakers = Lines(folder, "speakers");
        (string, View)[] modalities = [.. files.Select(file => (Path.GetFileNameWithoutExtension(file), (View)Matrix(file)))];
        foreach ((string name, View view) in modalities)
        {
            if (view.Rows != labels.Length || speakers.Length != labels.Length) throw new InvalidDataException($"{folder}: {name} has {view.Rows} utterances, labels.csv {labels.Length}, speakers.csv {speakers.Length}: one line for each utterance is needed");
        }

        string[] known = [.. speakers.Distinct().Order(StringComparer.Ordinal)];
        Views views = Views.Of(modalities).WithLabels(ClassLabels.From(labels)).WithGroups([.. speakers.Select(one => Array.BinarySearch(known, one, StringComparer.Ordinal))]);
        string presence = Path.Combine(folder, "presence.csv");
        return File.Exists(presence) ? views.WithPresence(Mask(presence, views.Rows, views.Count)) : views;
    }

    /// <summary>Writes a set of its own: four emotions, of which each modality tells two halves apart, speakers who colour everything they say, and a tenth of the cells absent.</summary>
    public static void WriteSynthetic(string folder, int speakers, int perSpeaker, int seed)
    {
        Random random = new(seed);
        (string Name, int Width)[] modalities = [("audio", 8), ("text", 12), ("video", 6)];
        string[] emotions = ["angry", "happy", "neutral", "sad"];
        int rows = speakers * perSpeaker;
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 4)];
        foreach ((int m, (string name, int width)) in modalities.Index())
        {
            double[] colour = [.. Enumerable.Range(0, speakers * width).Select(_ => 0.5 * Gauss(random))];
            float[] values = new float[rows * width];
            for (int at = 0; at < values.Length; at++)
            {
                int row = at / width;
                values[at] = (float)(((labels[row] + m) % 4 < 2 ? 0.7 : -0.7) + colour[(row / perSpeaker * width) + (at % width)] + Gauss(random));
            }

            Npy.Write(Path.Combine(folder, $"{name}.npy"), Tensor.Create(values, [rows, width]));
        }

        File.WriteAllLines(Path.Combine(folder, "labels.csv"), labels.Select(label => emotions[label]));
        File.WriteAllLines(Path.Combine(folder, "speakers.csv"), Enumerable.Range(0, rows).Select(row => $"speaker {row / perSpeaker}"));
        File.WriteAllLines(Path.Combine(folder, "presence.csv"), Enumerable.Range(0, rows).Select(_ => string.Join(',', Present(random, modalities.Length))));
    }

    private static int[] Present(Random random, int count)
    {
        int[] row = [.. Enumerable.Range(0, count).Select(_ => random.Next(10) == 0 ? 0 : 1)];
        if (row.Sum() == 0) row[0] = 1;
        return row;
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static string[] Lines(string folder, string name)
    {
        string path = Path.Combine(folder, $"{name}.csv");
        return File.Exists(path) ? [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)] : throw new DataAbsentException($"{path} is not there");
    }

    private static Tensor<float> Matrix(string path) => Path.GetExtension(path) == ".npy" ? Npy.ReadAs<float>(path) : Csv.Read(path).ToTensor<float>();

    private static Tensor<bool> Mask(string path, int rows, int views)
    {
        string[][] lines = [.. File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => line.Split(','))];
        if (lines.Length != rows || lines.Any(line => line.Length != views)) throw new InvalidDataException($"{path}: {rows} lines of {views} marks are needed, one for each modality in the order of their names");
        return Tensor.Create([.. lines.SelectMany(line => line).Select(mark => int.Parse(mark, CultureInfo.InvariantCulture) switch { 0 => false, 1 => true, var other => throw new InvalidDataException($"{path}: {other} is neither 0 nor 1") })], [rows, views]);
    }
}
