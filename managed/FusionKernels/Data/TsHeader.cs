using System.Globalization;

namespace FusionKernels;

/// <summary>The tags at the top of a .ts file and what they promise about its cases.</summary>
/// <param name="file">Named in errors.</param>
internal sealed class TsHeader(string file)
{
    private const string KnownTags = "@problemName, @timeStamps, @missing, @univariate, @dimension, @equalLength, @seriesLength, @classLabel, @targetLabel or @data";

    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>The name of the problem.</summary>
    public string ProblemName { get; private set; } = "";

    /// <summary>Whether values may be missing; null when the file does not say.</summary>
    public bool? Missing { get; private set; }

    /// <summary>The channels of every case; null when the file does not say.</summary>
    public int? Channels { get; private set; }

    /// <summary>Whether all cases are of one length; null when the file does not say.</summary>
    public bool? EqualLength { get; private set; }

    /// <summary>The length of every case; null when the file does not say.</summary>
    public int? SeriesLength { get; private set; }

    /// <summary>The names of the classes; null when cases carry no class.</summary>
    public string[]? ClassNames { get; private set; }

    /// <summary>Whether cases carry a number to predict.</summary>
    public bool HasTarget { get; private set; }

    private bool? univariate;

    /// <summary>Takes in one line that starts with <c>@</c>.</summary>
    /// <returns>Whether it was <c>@data</c>, after which the cases follow.</returns>
    public bool Add(int line, string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string tag = words[0].ToLowerInvariant() switch
        {
            "@dimensions" => "@dimension",
            string lower => lower,
        };
        if (!seen.Add(tag))
            throw Error(line, "each tag once", $"{DataText.Quote(words[0])} again");
        string[] values = words[1..];
        switch (tag)
        {
            case "@problemname":
                ProblemName = string.Join('_', values);
                break;
            case "@timestamps":
                RefuseTimeStamps(line, Boolean(line, words));
                break;
            case "@missing":
                Missing = Boolean(line, words);
                break;
            case "@univariate":
                univariate = Boolean(line, words);
                break;
            case "@dimension":
                Channels = Count(line, words);
                break;
            case "@equallength":
                EqualLength = Boolean(line, words);
                break;
            case "@serieslength":
                SeriesLength = Count(line, words);
                break;
            case "@classlabel":
                SetClasses(line, values);
                break;
            case "@targetlabel":
                HasTarget = Boolean(line, words);
                break;
            case "@data":
                Finish(line, values);
                return true;
            default:
                throw Error(line, KnownTags, DataText.Quote(words[0]));
        }

        return false;
    }

    private void SetClasses(int line, string[] values)
    {
        bool hasClasses = Boolean(line, ["@classLabel", .. values.Take(1)]);
        if (!hasClasses)
        {
            if (values.Length > 1)
                throw Error(line, "no class names after '@classLabel false'", DataText.Quote(values[1]));
            return;
        }

        ClassNames = values[1..];
        if (ClassNames.Length == 0)
            throw Error(line, "the names of the classes after '@classLabel true'", "none");
        string? repeated = ClassNames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (repeated is not null)
            throw Error(line, "each class once", $"{DataText.Quote(repeated)} twice");
    }

    private void Finish(int line, string[] values)
    {
        if (values.Length > 0)
            throw Error(line, "nothing after @data", DataText.Quote(values[0]));
        if (!seen.Contains("@classlabel") && !seen.Contains("@targetlabel"))
            throw Error(line, "@classLabel or @targetLabel before @data, which say what ends a case", "neither");
        if (ClassNames is not null && HasTarget)
            throw Error(line, "@classLabel true or @targetLabel true", "both");
        if (univariate is true && Channels is > 1)
            throw Error(line, "one dimension after '@univariate true'", $"'@dimension {Channels}'");
        if (univariate is true)
            Channels = 1;
        if (EqualLength is false && SeriesLength is not null)
            throw Error(line, "no @seriesLength after '@equalLength false'", $"'@seriesLength {SeriesLength}'");
        if (ProblemName.Length == 0)
            ProblemName = "unnamed";
    }

    private void RefuseTimeStamps(int line, bool timeStamps)
    {
        if (timeStamps)
            throw Error(line, "'@timeStamps false'", "'@timeStamps true'; (time,value) pairs are not read: resample to an even clock first");
    }

    private bool Boolean(int line, string[] words)
    {
        if (words.Length == 2 && bool.TryParse(words[1], out bool value))
            return value;
        throw Error(line, $"true or false after {words[0]}", words.Length == 1 ? "nothing" : DataText.Quote(string.Join(' ', words[1..])));
    }

    private int Count(int line, string[] words)
    {
        if (words.Length == 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0)
            return value;
        throw Error(line, $"a whole number from 1 after {words[0]}", words.Length == 1 ? "nothing" : DataText.Quote(string.Join(' ', words[1..])));
    }

    private DataFormatException Error(int line, string expected, string found) => new(file, $"line {line}", expected, found);
}
