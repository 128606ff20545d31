using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary><c>--missing</c>: what is done with samples that are no finite numbers.</summary>
internal sealed class MissingOption : Option<string>
{
    private const string Reject = "reject", Propagate = "propagate", Skip = "skip";

    /// <summary>Declares the option.</summary>
    /// <param name="skips">Whether the verb can skip samples.</param>
    public MissingOption(bool skips = true)
        : base("--missing")
    {
        string skipped = skips ? ", or skip: NaN, ? in .ts files and empty cells cost nothing, and are counted" : "";
        Description = $"Samples that are no finite numbers: reject tells the first one's place; propagate makes NaN of what they are in{skipped}.";
        HelpName = "way";
        DefaultValueFactory = _ => Reject;
        this.AcceptOnlyFromAmong(skips ? [Reject, Propagate, Skip] : [Reject, Propagate]);
    }

    /// <summary>What was typed.</summary>
    public MissingSamples Read(ParseResult arguments) => arguments.GetValue(this) switch
    {
        Propagate => MissingSamples.Propagate,
        Skip => MissingSamples.Skip,
        _ => MissingSamples.Reject,
    };
}
