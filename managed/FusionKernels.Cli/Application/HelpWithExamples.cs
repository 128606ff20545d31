using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FusionKernels.Cli;

/// <summary>The usual help, and below it the examples of a verb or the exit codes of the tool.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Examples:");
            foreach (string example in verb.Examples) output.WriteLine($"  fusionkernels {example}");
        }
        else
        {
            output.WriteLine("Examples:");
            output.WriteLine("  fusionkernels demo                                      handwritten digits in five views, on every device of this machine");
            output.WriteLine("  fusionkernels gram x.npy --kernel rbf --output k.npy    a kernel matrix from a file");
            output.WriteLine("  fusionkernels dtw a.csv b.csv --plot path.svg           two series aligned in time, and a drawing of it");
            output.WriteLine("  fusionkernels gram --help                               more about one verb");
            output.WriteLine();
            output.WriteLine("Exit codes: 0 done, 1 a check failed or another error, 2 usage, 3 data, 4 device, 5 slower than a base, 130 interrupted.");
            output.WriteLine("Environment: FUSIONKERNELS_DEVICE stands in for --device auto; FUSIONKERNELS_SIMD (512, 256, 128, scalar); NO_COLOR.");
        }

        output.WriteLine();
        return ExitCode.Success;
    }
}
