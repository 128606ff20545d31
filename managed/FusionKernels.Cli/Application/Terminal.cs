using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary>Where a verb writes: results to standard output, progress and errors to standard error.</summary>
/// <remarks>Tables are drawn at the width of the terminal, or wide enough for every column where the output is redirected; <c>NO_COLOR</c> takes colours and bold, and leaves of the escape sequences only those that redraw the progress.</remarks>
internal sealed class Terminal
{
    private const int RedirectedWidth = 200;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // "Infinity", as a string: JSON has no number for it
    };

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly bool _errorIsTerminal;

    /// <summary>Wraps the two streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="outputIsTerminal">Whether people read the output as it comes.</param>
    /// <param name="errorIsTerminal">The same of the errors.</param>
    public Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
    {
        _output = output;
        _error = error;
        _errorIsTerminal = errorIsTerminal;
        Console = CreateConsole(output, outputIsTerminal, redraws: false);
    }

    /// <summary>Tables and text for people, on standard output.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Writes one JSON object to standard output.</summary>
    public void WriteJson<T>(T value) => _output.WriteLine(JsonSerializer.Serialize(value, s_json));

    /// <summary>Writes text as it stands to standard output.</summary>
    public void Write(string text) => _output.Write(text);

    /// <summary>Writes one line to standard error.</summary>
    public void WriteError(string line) => _error.WriteLine($"fusionkernels: {line}");

    /// <summary>Runs long work under a progress bar on standard error; without one where that is redirected.</summary>
    /// <param name="title">What is under way.</param>
    /// <param name="work">The work; it reports the fraction done.</param>
    public T WithProgress<T>(string title, Func<IProgress<Step>, T> work)
    {
        if (!_errorIsTerminal) return work(SilentProgress.Instance);
        return CreateConsole(_error, isTerminal: true, redraws: true).Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return work(new TaskProgress(task));
            });
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal, bool redraws)
    {
        bool colours = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colours || redraws ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal) console.Profile.Width = RedirectedWidth;
        return console;
    }

    private sealed class TaskProgress(ProgressTask task) : IProgress<Step>
    {
        public void Report(Step value)
        {
            task.Value = value.Fraction;
            if (value.Name is { } name) task.Description = Markup.Escape(name);
        }
    }

    private sealed class SilentProgress : IProgress<Step>
    {
        public static readonly SilentProgress Instance = new();

        public void Report(Step value)
        {
        }
    }
}
