using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary><c>demo</c>.</summary>
internal sealed class DemoCommand() : ComputingVerb("demo", "x", "demo")
{
    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation) => 0;
}
