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
                if (block.IsOfFile) continue;
                if (examples.TryGetValue(block.Name, out IReadOnlyList<string>? body)) Assert.That(block.Lines, Is.EqualTo(body), block.ToString());
                else Assert.Fail($"{block} names no test of Docs/*Examples.cs");
            }
        }
    }

    [Test]
    public void Every_example_is_shown_once()
    {
        string[] shown = [.. _blocks.Where(block => block.Language == "csharp" && !block.IsOfFile).Select(block => block.Name)];
        Assert.That(shown, Is.EquivalentTo(Repository.Examples(_root).Keys));
    }

    [Test]
    public void Every_block_that_names_a_file_stands_in_it()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (CodeBlock block in _blocks.Where(block => block.IsOfFile))
            {
                string[] lines = [.. File.ReadAllLines(Path.Combine(_root, block.Name)).Select(line => line.Trim())];
                string[] shown = [.. block.Lines.Select(line => line.Trim())];
                Assert.That(Enumerable.Range(0, lines.Length).Any(i => lines.AsSpan(i).StartsWith(shown)), $"{block} is not what the file holds");
            }
        }
    }

    [Test]
    public void Every_block_says_its_language() =>
        Assert.That(_blocks.Where(block => block.Language is not ("csharp" or "sh" or "text" or "xml" or "mermaid")), Is.Empty);

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
        Dictionary<string, HashSet<string>> anchors = [];
        HashSet<string> there = [];
        using (Assert.EnterMultipleScope())
        {
            foreach (string page in Repository.Pages(_root))
            {
                string folder = Path.GetDirectoryName(Path.Combine(_root, page))!;
                foreach (Match link in Links().Matches(File.ReadAllText(Path.Combine(_root, page))))
                {
                    (string target, string anchor) = (link.Groups[1].Value, link.Groups[2].Value);
                    if (target.Contains("://", StringComparison.Ordinal)) continue;
                    string path = Path.GetFullPath(target.Length == 0 ? Path.Combine(_root, page) : Path.Combine(folder, target));
                    if (!there.Contains(path))
                    {
                        Assert.That(Path.Exists(path), $"{page} links to {target}");
                        there.Add(path);
                    }

                    if (anchor.Length == 0 || !File.Exists(path)) continue;
                    if (!anchors.TryGetValue(path, out HashSet<string>? named)) anchors[path] = named = Anchors(path);
                    if (!named.Contains(anchor)) Assert.Fail($"{page} links to {target}#{anchor}");
                }
            }
        }
    }

    [Test]
    public void Every_message_that_troubleshooting_quotes_is_one_of_the_sources()
    {
        string[] lines =
        [
            .. ((string[])["kernels", "managed"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(_root, folder), "*.cs", SearchOption.AllDirectories))
                .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .SelectMany(File.ReadLines).Where(line => !line.AsSpan().TrimStart().StartsWith("//")),
        ];
        string[] quoted = [.. File.ReadLines(Path.Combine(_root, "docs", "troubleshooting.md")).Select(line => Quotes().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];
        Assert.That(quoted, Has.Length.GreaterThan(20));
        using (Assert.EnterMultipleScope())
        {
            foreach (string message in quoted) Assert.That(lines.Any(line => HasInOrder(line, message.Split('…'))), $"no source says '{message}'");
        }
    }

    [Test]
    public void The_architecture_names_what_is_there()
    {
        string page = File.ReadAllText(Path.Combine(_root, "docs", "architecture.md"));
        HashSet<string> words = [];
        foreach (string folder in new[] { "kernels", Path.Combine("managed", "FusionKernels"), Path.Combine("managed", "FusionKernels.Cli") })
        {
            foreach (string source in Directory.EnumerateFiles(Path.Combine(_root, folder), "*.cs", SearchOption.AllDirectories)) words.UnionWith(Words().Matches(File.ReadAllText(source)).Select(word => word.Value));
        }

        using (Assert.EnterMultipleScope())
        {
            foreach (Match quoted in Quoted().Matches(page))
            {
                if (quoted.Groups[1].Value.Contains('.', StringComparison.Ordinal)) continue; // files, which other tests look for
                foreach (Match word in Words().Matches(quoted.Groups[1].Value)) Assert.That(words, Does.Contain(word.Value), $"no source has {word.Value}");
            }

            foreach (Match label in _blocks.Where(block => block.Language == "mermaid").SelectMany(block => block.Lines).SelectMany(line => Labels().Matches(line)))
            {
                foreach (Match word in Words().Matches(label.Value)) Assert.That(words, Does.Contain(word.Value), $"no source has {word.Value}");
            }

            foreach (string folder in Directory.GetDirectories(Path.Combine(_root, "kernels")).Select(path => Path.GetFileName(path)!).Where(name => name is not ("bin" or "obj")))
            {
                Assert.That(page, Does.Contain($"  {folder}/"), $"kernels/{folder} is not in the tree");
            }
        }
    }

    [Test]
    public void Every_exit_code_has_its_row()
    {
        string page = File.ReadAllText(Path.Combine(_root, "docs", "troubleshooting.md"));
        foreach (System.Reflection.FieldInfo code in typeof(ExitCode).GetFields()) Assert.That(page, Does.Contain($"\n| {code.GetRawConstantValue()} |"), code.Name);
    }

    [Test]
    public void Every_page_is_listed_and_every_picture_says_how_it_is_made()
    {
        string list = File.ReadAllText(Path.Combine(_root, "docs", "README.md")), script = File.ReadAllText(Path.Combine(_root, ".ci", "pictures.sh"));
        using (Assert.EnterMultipleScope())
        {
            foreach (string page in Directory.GetFiles(Path.Combine(_root, "docs"), "*.md").Select(path => Path.GetFileName(path)!))
            {
                if (page != "README.md") Assert.That(list, Does.Contain($"]({page})"), $"docs/README.md does not list {page}");
            }

            foreach (string picture in Directory.GetFiles(Path.Combine(_root, "docs"), "*.svg", SearchOption.AllDirectories))
            {
                string name = Path.GetFileName(picture);
                Assert.That(new FileInfo(picture).Length, Is.LessThan(60_000), name);
                Assert.That(script, Does.Contain(name), $".ci/pictures.sh does not draw {name}");
                Assert.That(Repository.Pages(_root).Any(page => File.ReadAllText(Path.Combine(_root, page)).Contains($"{name})", StringComparison.Ordinal)), $"no page shows {name}");
            }
        }
    }

    /// <summary>What links into a page can name: its headings in lower case, hyphens for blanks, without other marks.</summary>
    private static HashSet<string> Anchors(string path)
    {
        HashSet<string> anchors = [];
        bool isCode = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            if (isCode || !line.StartsWith('#')) continue;
            string heading = line.TrimStart('#').Trim().ToLowerInvariant();
            string anchor = new([.. heading.Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_').Select(letter => letter == ' ' ? '-' : letter)]);
            string unique = anchor;
            for (int again = 1; !anchors.Add(unique); again++) unique = $"{anchor}-{again}";
        }

        return anchors;
    }

    private static bool HasInOrder(string line, string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = line.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return true;
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

    [GeneratedRegex(@"(?<=^|\s)(?:\.ci|managed|bench|tests|samples|kernels)/[\w./-]*\w")]
    private static partial Regex Paths();

    [GeneratedRegex(@"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\b[A-Z]\w{3,}\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"""[^""]+""|\|\w+\|")]
    private static partial Regex Labels();

    [GeneratedRegex(@"^### `(.+)`$")]
    private static partial Regex Quotes();
}
