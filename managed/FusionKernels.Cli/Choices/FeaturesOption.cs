using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary><c>--features</c>: what is taken from sound.</summary>
internal sealed class FeaturesOption : Option<string>
{
    private const string Samples = "samples", Mfcc = "mfcc";

    /// <summary>Declares the option.</summary>
    public FeaturesOption()
        : base("--features")
    {
        Description = "What is taken from .wav files: samples, or mfcc (13 cepstra a frame, mean and variance normalised).";
        HelpName = "name";
        DefaultValueFactory = _ => Samples;
        this.AcceptOnlyFromAmong(Samples, Mfcc);
    }

    /// <summary>What was typed.</summary>
    public SeriesFeatures Read(ParseResult arguments) => arguments.GetValue(this) == Mfcc ? SeriesFeatures.Mfcc : SeriesFeatures.Samples;
}
