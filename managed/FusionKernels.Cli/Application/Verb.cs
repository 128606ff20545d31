using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary>One verb of the tool.</summary>
internal abstract class Verb : Command
{
    /// <summary>Names the verb and hooks its action up.</summary>
    protected Verb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines that work, without the tool's name.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Whether the result is one JSON object instead of tables.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object and nothing else." };

    /// <summary>Declares the options that the verb shares with others, behind its own.</summary>
    public virtual void AddCommonOptions() => Add(Json);

    /// <summary>Does what the verb is for.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation);
}
