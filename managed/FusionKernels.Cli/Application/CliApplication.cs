using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace FusionKernels.Cli;

/// <summary>The tool <c>fusionkernels</c>: parses, runs one verb, and turns what went wrong into one line and an exit code.</summary>
internal static class CliApplication
{
    /// <summary>Runs the tool with redirected streams.</summary>
    /// <param name="arguments">The command line, without the tool's name.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        RunAsync(arguments, output, error, new Terminal(output, error, outputIsTerminal: false, errorIsTerminal: false), cancellation);

    /// <summary>Runs the tool.</summary>
    /// <inheritdoc cref="RunAsync(IReadOnlyList{string}, TextWriter, TextWriter, CancellationToken)"/>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            ParseResult parsed = CreateCommands(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (UnknownOption(parsed) is { } unknown) throw new UsageException(unknown);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null) throw new UsageException(Explain(parsed));
            // Ctrl-C is the caller's business: it arrives as the token.
            InvocationConfiguration configuration = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
#pragma warning disable CA1031 // the outermost frame: whatever happened becomes a line and a code
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure failure = Failure.Of(exception);
            terminal.WriteError(failure.Message);
            return failure.Code;
        }
    }

    private static RootCommand CreateCommands(Terminal terminal)
    {
        RootCommand root = new("Kernels for multimodal alignment and fusion, on CUDA, OpenCL and the CPU.");
        Verb[] verbs =
        [
            new DemoCommand(), new GramCommand(), new AttentionCommand(), new CcaCommand(),
            new DtwCommand(), new DtwMatrixCommand(), new DtwSearchCommand(), new DtwClassifyCommand(), new SoftDtwCommand(), new BarycenterCommand(), new DistanceCommand(), new MovingCommand(),
            new KccaCommand(), new MccaCommand(), new SimilarityCommand(), new EigenCommand(), new SvdCommand(),
            new AlignCommand(), new FuseCommand(), new PredictCommand(),
            new DevicesCommand(), new DoctorCommand(), new SelfTestCommand(), new BenchCommand(), new CompareCommand(),
        ];
        foreach (Verb verb in verbs)
        {
            verb.AddCommonOptions();
            verb.SetAction((arguments, cancellation) => Task.Run(() => verb.Run(arguments, terminal, cancellation), CancellationToken.None));
            root.Add(verb);
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>What to say about an option that does not exist, which the parser takes for the name of a file; null where there is none.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? unknown = parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;
        if (unknown is null) return null;
        string typed = unknown.Split('=')[0];
        if (command.Options.Any(option => option.Name == typed)) return $"{command.Name}: a value is missing before '{typed}'";
        string help = command is Verb ? $"fusionkernels {command.Name} --help" : "fusionkernels --help";
        return $"'{typed}' is no option of {command.Name}{NearestName.Hint(typed, command.Options.Select(option => option.Name))}; '{help}' lists them";
    }

    /// <summary>The first thing that is wrong with a command line, in the words of this tool.</summary>
    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (verbs.Length > 0)
        {
            return unknown is null
                ? $"which verb? {string.Join(", ", verbs)}; 'fusionkernels --help' tells more"
                : $"'{unknown}' is no verb; there are {string.Join(", ", verbs)}{NearestName.Hint(unknown, verbs)}";
        }

        ParseError first = parsed.Errors[0];
        return $"{command.Name}: {first.Message.TrimEnd('.')}; 'fusionkernels {command.Name} --help' tells more";
    }
}
