using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>Reads one series, or a set of series, from any file that the tool understands as such.</summary>
internal static class SeriesFile
{
    /// <summary>What is understood as one series, for the help.</summary>
    public const string Forms = ".npy (L or L x C), .csv, .tsv or .txt (one value or one vector in each line) and .wav";

    /// <summary>What is understood as a set of series, for the help.</summary>
    public const string SetForms = ".npy (N x L or N x L x C), .ts and .csv, .tsv or .txt (one series in each line, lengths free)";

    /// <summary>Reads one series; numbers are rounded to the nearest <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">A file of one of the <see cref="Forms"/>.</param>
    /// <param name="features">What is taken from sound.</param>
    /// <param name="missing">What is done with numbers that are not finite; what is not refused is read as NaN or infinity, an empty cell as NaN.</param>
    /// <returns>time x channels, at least 1 x 1.</returns>
    /// <exception cref="DataException">There is no such file, it is a folder or of a kind that is not understood, it holds no single series, or a number is refused.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    /// <exception cref="UsageException">Features of sound were asked of a file of another kind.</exception>
    public static Tensor<T> Read<T>(string path, SeriesFeatures features = SeriesFeatures.Samples, MissingSamples missing = MissingSamples.Reject)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputFile.Require(path);
        string extension = Path.GetExtension(path).ToUpperInvariant();
        if (features != SeriesFeatures.Samples && extension != ".WAV") throw new UsageException($"--features {features.ToString().ToLowerInvariant()} is for .wav files; {path} is none");
        Tensor<T> series = extension switch
        {
            ".NPY" => AsSeries(path, Npy.ReadAs<T>(path, ValueConversion.Round)),
            ".CSV" or ".TSV" or ".TXT" => AsSeries(path, Csv.Read(path, Cells(missing)).ToTensor<T>()),
            ".WAV" => ReadSound<T>(path, features),
            _ => throw InputFile.NotUnderstood(path, "one series", Forms),
        };
        if (FindRefused(series, missing) is { } place) throw new DataException($"{path}: {place}");
        return series;
    }

    /// <summary>Reads a set of series; numbers are rounded to the nearest <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">A file of one of the <see cref="SetForms"/>.</param>
    /// <param name="missing">What is done with numbers that are not finite; what is not refused is read as NaN or infinity, an empty cell as NaN.</param>
    /// <returns>At least one series, with the labels that the file has.</returns>
    /// <exception cref="DataException">There is no such file, it is a folder or of a kind that is not understood, it holds no set, or a number is refused.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    public static TimeSeriesSet<T> ReadSet<T>(string path, MissingSamples missing = MissingSamples.Reject)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputFile.Require(path);
        TimeSeriesSet<T> set = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".NPY" => AsSet(path, Npy.ReadAs<T>(path, ValueConversion.Round)),
            ".CSV" or ".TSV" or ".TXT" => Csv.ReadSeries<T>(path, Cells(missing)),
            ".TS" => Ts.Read<T>(path),
            _ => throw InputFile.NotUnderstood(path, "a set of series", SetForms),
        };
        for (int i = 0; i < set.Count; i++)
        {
            if (FindRefused(set.Series[i], missing) is { } place) throw new DataException($"{path}: series {i}, {place}");
        }

        return set;
    }

    private static Tensor<T> AsSeries<T>(string path, Tensor<T> values)
    {
        if (values.Rank > 2 || values.IsEmpty) throw new DataException($"{path} is {Shape(values)}; one series is L or L x C, at least one value");
        return values.Rank == 2 ? values : values.Reshape([values.Lengths[0], 1]);
    }

    private static TimeSeriesSet<T> AsSet<T>(string path, Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (values.Rank is not (2 or 3) || values.IsEmpty) throw new DataException($"{path} is {Shape(values)}; a set of series is N x L or N x L x C, at least one value");
        return TimeSeriesSet<T>.FromTensor(Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? name : path, values);
    }

    private static Tensor<T> ReadSound<T>(string path, SeriesFeatures features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WavAudio<T> audio = Wav.Read<T>(path);
        if (features == SeriesFeatures.Samples) return audio.ToMono();
        try
        {
            return Mfcc.Compute(audio);
        }
        catch (ArgumentException exception)
        {
            throw new DataException($"{path}: {Failure.WithoutParameter(exception)}");
        }
    }

    private static string Shape<T>(Tensor<T> values) => string.Join(" x ", values.Lengths.ToArray());

    private static CsvReadOptions Cells(MissingSamples missing) => new() { AllowMissing = missing != MissingSamples.Reject };

    /// <summary>The first number that is refused and its place, in words; null when there is none.</summary>
    private static string? FindRefused<T>(Tensor<T> series, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (missing == MissingSamples.Propagate) return null;
        ReadOnlySpan<T> values = DataTensor.Flatten(series.AsReadOnlyTensorSpan());
        int channels = (int)series.Lengths[1];
        for (int at = 0; at < values.Length; at++)
        {
            if (T.IsFinite(values[at]) || (missing == MissingSamples.Skip && T.IsNaN(values[at]))) continue;
            string place = $"time {at / channels}, channel {at % channels} (from 0) is {values[at]}";
            return missing == MissingSamples.Skip ? $"{place}; NaN alone can be skipped" : $"{place}; a series needs finite numbers";
        }

        return null;
    }
}
