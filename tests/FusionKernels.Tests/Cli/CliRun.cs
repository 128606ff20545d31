using System.Text.Json;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>One run of the tool in this process, with its streams caught.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>The JSON object on standard output, which must hold nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Output);
            Assert.That(document.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs the tool.</summary>
    public static CliRun Of(params IReadOnlyList<string> arguments) => Of(CancellationToken.None, arguments);

    /// <summary>Runs the tool under a token that stands for Ctrl-C.</summary>
    public static CliRun Of(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CliApplication.RunAsync(arguments, output, error, cancellation).GetAwaiter().GetResult();
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the tool on a line of words without white space in them.</summary>
    public static CliRun Line(string line) => Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Requires success with nothing on standard error.</summary>
    public CliRun Succeeded()
    {
        Assert.That((Code, Error), Is.EqualTo((ExitCode.Success, "")));
        return this;
    }

    /// <summary>Requires a failure that says so in one line of standard error and leaves standard output empty.</summary>
    public void Failed(int code, params IReadOnlyList<string> words)
    {
        Assert.That(Code, Is.EqualTo(code), Error);
        Assert.That(Output, Is.Empty);
        Assert.That(Error, Does.StartWith("fusionkernels: ").And.EndsWith(Environment.NewLine));
        Assert.That(Error.Trim(), Does.Not.Contain("\n").And.Not.Contain("Parameter '").And.Not.Contain("Exception"));
        foreach (string word in words) Assert.That(Error, Does.Contain(word));
    }

    /// <summary>Requires the names of a JSON object's members, in order.</summary>
    public static void RequireMembers(JsonElement element, params IReadOnlyList<string> names) =>
        Assert.That(element.EnumerateObject().Select(member => member.Name), Is.EqualTo(names));
}
