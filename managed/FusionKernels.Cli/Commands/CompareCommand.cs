using System.CommandLine;
using FusionKernels.Bench;

namespace FusionKernels.Cli;

/// <summary><c>compare</c>: results of <c>bench</c> from several machines side by side.</summary>
internal sealed class CompareCommand : Verb
{
    private readonly Argument<string[]> _files = new("results") { Description = "Files that 'bench --json' wrote, one or more.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "The file whose first device the others are measured by; the first by default.", HelpName = "a.json" };
    private readonly Option<string?> _html = new("--html") { Description = "Write one static page.", HelpName = "out.html" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "Write the tables to this file; without a name they are printed, as they are by default.", HelpName = "out.md", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Declares the options.</summary>
    public CompareCommand()
        : base("compare", "Put machines and devices side by side: ratios with their spread, rooflines, a summary.", "compare a.json b.json", "compare a.json b.json --baseline b.json --html compared.html")
    {
        Add(_files);
        foreach (Option option in (Option[])[_baseline, _html, _markdown]) Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        List<string> files = [.. arguments.GetValue(_files)!];
        int baseline = 0;
        if (arguments.GetValue(_baseline) is { } chosen)
        {
            baseline = files.FindIndex(file => Path.GetFullPath(file) == Path.GetFullPath(chosen));
            if (baseline < 0)
            {
                files.Insert(0, chosen);
                baseline = 0;
            }
        }

        if (arguments.GetValue(_html) is { } page) OutputFile.RequireKind("--html", page, ".html", [.. files]);
        if (arguments.GetValue(_markdown) is { } text) OutputFile.RequireKind("--markdown", text, ".md", [.. files]);
        IReadOnlyList<BenchResults> results = ResultReader.ReadAll(files);
        Comparison comparison = Comparison.Of([.. files.Select(file => Path.GetFileNameWithoutExtension(file))], results, baseline);
        if (arguments.GetValue(_html) is { } html) OutputFile.WriteText(html, ComparisonPage.Of(comparison));
        if (arguments.GetValue(_markdown) is { } markdown) OutputFile.WriteText(markdown, ComparisonText.Of(comparison));
        if (arguments.GetValue(Json)) terminal.WriteJson(ComparisonJson.Of(comparison));
        else terminal.Write(ComparisonText.Of(comparison));
        return ExitCode.Success;
    }
}
