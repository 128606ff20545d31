using System.Globalization;
using System.Text.RegularExpressions;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The pages say what is so: their code is the body of a passing test, their commands and links lead somewhere.</summary>
[TestFixture]
internal sealed partial class PageTests
{
    private string _root = null!;
    private IReadOnlyList<CodeBlock> _blocks = null!;

    [SetUp]
    public void ReadPages()
    {
        _root = Repository.Require();
        _blocks = Repository.Blocks(_root);
    }

    [Test]
    public void Every_block_of_csharp_is_the_body_of_the_test_it_names()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> examples = Repository.Examples(_root);
        using (Assert.EnterMultipleScope())
        {
            foreach (CodeBlock block in _blocks.Where(block => block.Language is "csharp" or "cs" or "c#"))
            {
                if (examples.TryGetValue(block.Name, out IReadOnlyList<string>? body)) Assert.That(block.Lines, Is.EqualTo(body), block.ToString());
                else Assert.Fail($"{block} names no test of Docs/*Examples.cs");
            }
        }
    }

    [Test]
    public void Every_example_is_shown_once()
    {
        string[] shown = [.. _blocks.Where(block => block.Language == "csharp").Select(block => block.Name)];
        Assert.That(shown, Is.EquivalentTo(Repository.Examples(_root).Keys));
    }

    [Test]
    public void Every_block_says_its_language() =>
        Assert.That(_blocks.Where(block => block.Language is not ("csharp" or "sh" or "text" or "xml")), Is.Empty);

    [Test]
    public async Task Every_verb_and_option_that_a_page_shows_exists()
    {
        string verbs = await Help("--help");
        using (Assert.EnterMultipleScope())
        {
            foreach ((CodeBlock block, string arguments) in ToolCalls())
            {
                string verb = arguments.Split(' ')[0];
                if (verb.StartsWith('-')) continue;
                Assert.That(verbs, Does.Match($@"(?m)^\s+{Regex.Escape(verb)}\b"), $"{block}: {arguments}");
                string help = await Help(verb, "--help");
                foreach (Match option in Options().Matches(arguments)) Assert.That(help, Does.Contain(option.Value), $"{block}: {arguments}");
            }
        }
    }

    [Test]
    public void Every_script_and_project_that_a_page_runs_exists()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (CodeBlock block in _blocks.Where(block => block.Language == "sh"))
            {
                foreach (Match path in block.Lines.SelectMany(line => Paths().Matches(line)))
                {
                    Assert.That(Path.Exists(Path.Combine(_root, path.Value)), $"{block}: there is no {path.Value}");
                }
            }
        }
    }

    [Test]
    public void Every_link_between_pages_leads_somewhere()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (string page in Repository.Pages(_root))
            {
                string folder = Path.GetDirectoryName(Path.Combine(_root, page))!;
                foreach (Match link in Links().Matches(File.ReadAllText(Path.Combine(_root, page))))
                {
                    string target = link.Groups[1].Value;
                    if (target.Contains("://", StringComparison.Ordinal)) continue;
                    Assert.That(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}");
                }
            }
        }
    }

    /// <summary>What pages call the tool with, by its name or through <c>dotnet run</c>.</summary>
    private IEnumerable<(CodeBlock Block, string Arguments)> ToolCalls() =>
        from block in _blocks
        where block.Language == "sh"
        from line in block.Lines
        let match = Calls().Match(line.Split('#')[0].TrimEnd())
        where match.Success
        select (block, match.Groups[1].Value);

    private static async Task<string> Help(params string[] arguments)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        Assert.That(await CliApplication.RunAsync(arguments, output, error), Is.Zero, error.ToString());
        return output.ToString();
    }

    [GeneratedRegex(@"^(?:fusionkernels|\./fusionkernels|dotnet run .*FusionKernels\.Cli --) (.+)$")]
    private static partial Regex Calls();

    [GeneratedRegex(@"(?<=\s)--[a-z0-9-]+")]
    private static partial Regex Options();

    [GeneratedRegex(@"(?<=^|\s)(?:eng|\.ci|managed|bench|tests|samples|kernels)/[\w./-]*\w")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Links();
}
