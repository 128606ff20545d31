using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels;

/// <summary>Reads and writes .ts files, the text format of the UCR and UEA time-series archives.</summary>
/// <remarks>
/// Series may be of many channels and of differing lengths; <c>?</c> is a missing value, NaN in memory. What the tags promise (channels, lengths,
/// missing values, classes) is checked. The channels of one case must be of one length, and (time,value) pairs are refused.
/// Source: Bagnall et al. 2018, "The UEA multivariate time series classification archive".
/// </remarks>
public static class Ts
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">float or double; text is rounded to the nearest value.</typeparam>
    /// <param name="path">The .ts file.</param>
    /// <returns>The series with their labels.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or does not keep what its tags promise; the error names line, channel and value.</exception>
    public static TimeSeriesSet<T> Read<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using FileStream stream = DataFile.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Reads a stream to its end; it stays open.</summary>
    /// <typeparam name="T">float or double; text is rounded to the nearest value.</typeparam>
    /// <param name="stream">A stream that can be read.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The series with their labels.</returns>
    /// <exception cref="DataFormatException">The content is malformed, or does not keep what its tags promise.</exception>
    public static TimeSeriesSet<T> Read<T>(Stream stream, string name = "stream")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new TsParser<T>(stream, name).Parse();
    }

    /// <summary>Writes a file; it appears complete or not at all.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="set">The series with their labels.</param>
    /// <exception cref="ArgumentException">The problem's name or a class is empty, or holds white space or a colon.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, TimeSeriesSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var file = new AtomicFile(path);
        Write(file.Stream, set);
        file.Commit();
    }

    /// <summary>Writes to a stream, which stays open; numbers in the shortest form that reads back to the same value.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="stream">A stream that can be written.</param>
    /// <param name="set">The series with their labels.</param>
    /// <exception cref="ArgumentException">The problem's name or a class is empty, or holds white space or a colon.</exception>
    public static void Write<T>(Stream stream, TimeSeriesSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(set);
        foreach (string word in (set.Labels?.Names ?? []).Prepend(set.ProblemName))
            RequireWord(word);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        bool missing = set.Series.Any(HasMissing);
        WriteHeader(writer, set, missing);
        for (int i = 0; i < set.Count; i++)
            WriteCase(writer, set, i);
    }

    private static void WriteHeader<T>(StreamWriter writer, TimeSeriesSet<T> set, bool missing)
    {
        writer.WriteLine($"@problemName {set.ProblemName}");
        writer.WriteLine("@timeStamps false");
        writer.WriteLine($"@missing {(missing ? "true" : "false")}");
        writer.WriteLine($"@univariate {(set.Channels == 1 ? "true" : "false")}");
        if (set.Channels > 1)
            writer.WriteLine($"@dimension {set.Channels}");
        writer.WriteLine($"@equalLength {(set.IsEqualLength ? "true" : "false")}");
        if (set.IsEqualLength)
            writer.WriteLine($"@seriesLength {set.Series[0].Lengths[0]}");
        if (set.Targets is not null)
            writer.WriteLine("@targetLabel true");
        else
            writer.WriteLine(set.Labels is null ? "@classLabel false" : $"@classLabel true {string.Join(' ', set.Labels.Names)}");
        writer.WriteLine("@data");
    }

    private static void WriteCase<T>(StreamWriter writer, TimeSeriesSet<T> set, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> values = DataTensor.Flatten(set.Series[index].AsReadOnlyTensorSpan());
        Span<char> number = stackalloc char[64];
        for (int channel = 0; channel < set.Channels; channel++)
        {
            if (channel > 0)
                writer.Write(':');
            for (int i = channel; i < values.Length; i += set.Channels)
            {
                if (i > channel)
                    writer.Write(',');
                if (T.IsNaN(values[i]))
                    writer.Write('?');
                else if (values[i].TryFormat(number, out int length, format: default, CultureInfo.InvariantCulture))
                    writer.Write(number[..length]);
                else
                    writer.Write(values[i].ToString(null, CultureInfo.InvariantCulture));
            }
        }

        if (set.Labels is not null)
            writer.Write($":{set.Labels[index]}");
        if (set.Targets is not null)
            writer.Write(string.Create(CultureInfo.InvariantCulture, $":{set.Targets[index]}"));
        writer.Write('\n');
    }

    private static bool HasMissing<T>(Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in DataTensor.Flatten(series.AsReadOnlyTensorSpan()))
        {
            if (T.IsNaN(value))
                return true;
        }

        return false;
    }

    private static void RequireWord(string word)
    {
        if (word.Length == 0 || word.Any(c => char.IsWhiteSpace(c) || c is ':' or '\uFFFD'))
            throw new ArgumentException($"{DataText.Quote(word)} cannot stand in a .ts file; problem and class names are words without white space and ':'", nameof(word));
    }
}
