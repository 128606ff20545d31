using System.CommandLine;
using System.Numerics;

namespace FusionKernels.Cli;

/// <summary>A verb whose work is one source for float32 and float64: <c>--precision</c> chooses.</summary>
internal abstract class GenericVerb : ComputingVerb
{
    /// <summary>Names the verb.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence or two.</param>
    /// <param name="float64ByDefault">Whether it computes in float64 where no precision was typed.</param>
    /// <param name="examples">Command lines, without the tool's name.</param>
    protected GenericVerb(string name, string description, bool float64ByDefault, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        IsFloat64ByDefault = float64ByDefault;
    }

    /// <inheritdoc/>
    protected sealed override bool IsFloat64ByDefault { get; }

    /// <inheritdoc/>
    public sealed override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (IsFloat64(arguments)) Run<double>(arguments, terminal, cancellation);
        else Run<float>(arguments, terminal, cancellation);
        return ExitCode.Success;
    }

    /// <summary>Runs the verb; what goes wrong is thrown.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    protected abstract void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
