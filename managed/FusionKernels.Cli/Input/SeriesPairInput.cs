using System.CommandLine;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>The arguments of a verb that compares two series.</summary>
internal sealed class SeriesPairInput
{
    private readonly Argument<string> _a = new("A") { Description = $"One series: {SeriesFile.Forms}." };
    private readonly Argument<string> _b = new("B") { Description = "Another, of as many channels; its length may differ." };

    private readonly FeaturesOption _features = new();

    /// <summary>Puts them in front of a verb's own options.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_a);
        verb.Add(_b);
        verb.Add(_features);
    }

    /// <summary>The two paths.</summary>
    public (string A, string B) Paths(ParseResult arguments) => (arguments.GetRequiredValue(_a), arguments.GetRequiredValue(_b));

    /// <summary>Reads both series.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="missing">What is done with numbers that are not finite.</param>
    /// <returns>Each time x channels.</returns>
    /// <exception cref="DataException">A file cannot be read as one series, or the channels differ.</exception>
    public (Tensor<T> A, Tensor<T> B) Read<T>(ParseResult arguments, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (string pathA, string pathB) = Paths(arguments);
        SeriesFeatures features = _features.Read(arguments);
        Tensor<T> a = SeriesFile.Read<T>(pathA, features, missing), b = SeriesFile.Read<T>(pathB, features, missing);
        RequireSameChannels(pathA, a.Lengths[1], pathB, b.Lengths[1]);
        return (a, b);
    }

    /// <summary>Requires as many channels in both files.</summary>
    /// <exception cref="DataException">They differ.</exception>
    public static void RequireSameChannels(string pathA, nint channelsA, string pathB, nint channelsB)
    {
        if (channelsA != channelsB) throw new DataException($"{pathA} has {channelsA} channels, {pathB} has {channelsB}: both need the same channels in the same order");
    }
}
