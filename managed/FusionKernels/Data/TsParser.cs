using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels;

/// <summary>Reads a .ts file line by line: comments, tags, then one case in each line.</summary>
/// <param name="stream">The file's bytes.</param>
/// <param name="file">Named in errors.</param>
internal sealed class TsParser<T>(Stream stream, string file)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TsHeader header = new(file);
    private readonly List<Tensor<T>> series = [];
    private readonly List<string> labels = [];
    private readonly List<double> targets = [];
    private int line;
    private int firstLength;

    /// <summary>Reads the file to its end.</summary>
    public TimeSeriesSet<T> Parse()
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        bool inData = false;
        while (reader.ReadLine() is { } raw)
        {
            line++;
            string text = raw.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            // Comments of the archive are in many encodings; everything else must be readable.
            if (text.Contains('\uFFFD', StringComparison.Ordinal))
                throw Error("text in UTF-8", DataText.Quote(text));
            if (inData)
                AddCase(text);
            else if (text[0] == '@')
                inData = header.Add(line, text);
            else
                throw Error("a tag (@...), a comment (#...) or an empty line before @data", DataText.Quote(text));
        }

        if (!inData)
            throw Error("@data", "the end of the file");
        if (series.Count == 0)
            throw Error("at least one case after @data", "the end of the file");
        ClassLabels? classes = header.ClassNames is null ? null : ClassLabels.From(labels, header.ClassNames);
        return new TimeSeriesSet<T>(header.ProblemName, series, classes, header.HasTarget ? targets : null);
    }

    private void AddCase(string text)
    {
        if (text[0] == '(')
            throw Error("values without time stamps", $"{DataText.Quote(text)}; (time,value) pairs are not read: resample to an even clock first");
        if (text[0] == '@')
            throw Error("a case", DataText.Quote(text));
        ReadOnlySpan<char> values = text;
        if (header.ClassNames is not null || header.HasTarget)
        {
            int colon = text.LastIndexOf(':');
            if (colon < 0)
                throw Error("a label after the last ':'", "no ':'");
            AddLabel(text[(colon + 1)..].Trim());
            values = values[..colon];
        }

        AddSeries(values);
    }

    private void AddLabel(string label)
    {
        if (header.HasTarget)
        {
            if (!DataText.TryParseNumber(label, out double target))
                throw Error("a number to predict after the last ':'", DataText.Quote(label));
            targets.Add(target);
            return;
        }

        if (!header.ClassNames!.Contains(label, StringComparer.Ordinal))
            throw Error($"one of the {header.ClassNames!.Length} classes of @classLabel after the last ':'", DataText.Quote(label));
        labels.Add(label);
    }

    private void AddSeries(ReadOnlySpan<char> values)
    {
        int channels = values.Count(':') + 1;
        int wantedChannels = header.Channels ?? (series.Count == 0 ? channels : (int)series[0].Lengths[1]);
        if (channels != wantedChannels)
            throw Error($"{wantedChannels} channels", $"{channels}");
        int firstEnd = values.IndexOf(':');
        int length = (firstEnd < 0 ? values : values[..firstEnd]).Count(',') + 1;
        CheckLength(length);
        // Every value but one is followed by a separator, so a case cannot have more values than characters and one.
        if ((long)length * channels > values.Length + 1L)
            throw Error($"{length} values in each of {channels} channels, as in the first", "fewer");

        var elements = new T[length * channels];
        int channel = 0;
        foreach (Range range in values.Split(':'))
        {
            ReadChannel(values[range], elements, channel, channels);
            channel++;
        }

        series.Add(Tensor.Create(elements, [length, channels]));
    }

    private void CheckLength(int length)
    {
        if (header.SeriesLength is { } promised && length != promised)
            throw Error($"{promised} values, as @seriesLength says", $"{length}");
        if (series.Count == 0)
            firstLength = length;
        else if (header.EqualLength is true && length != firstLength)
            throw Error($"{firstLength} values, as in the first case ('@equalLength true')", $"{length}");
    }

    private void ReadChannel(ReadOnlySpan<char> text, T[] elements, int channel, int channels)
    {
        int length = elements.Length / channels;
        int time = 0;
        foreach (Range range in text.Split(','))
        {
            if (time < length)
                elements[(time * channels) + channel] = ParseValue(text[range].Trim(), channel, time);
            time++;
        }

        if (time != length)
            throw Error($"{length} values in channel {channel + 1}, as in the first channel", $"{time}");
    }

    private T ParseValue(ReadOnlySpan<char> text, int channel, int time)
    {
        bool missing = text is "?";
        if (!missing && DataText.TryParseNumber(text, out T value) && !T.IsNaN(value))
            return value;
        missing |= text.Equals("nan", StringComparison.OrdinalIgnoreCase);
        string where = $"line {line}, channel {channel + 1}, value {time + 1}";
        if (!missing)
            throw new DataFormatException(file, where, $"{DataText.NumberName<T>()} or '?'", text.IsEmpty ? "nothing" : DataText.Quote(text));
        if (header.Missing is false)
            throw new DataFormatException(file, where, "a number ('@missing false')", DataText.Quote(text));
        return T.NaN;
    }

    private DataFormatException Error(string expected, string found) => new(file, $"line {line}", expected, found);
}
