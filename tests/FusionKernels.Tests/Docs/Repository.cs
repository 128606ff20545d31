using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The sources around the tests: the pages of the documentation and the examples they show.</summary>
internal static class Repository
{
    private const string Fence = "```";

    /// <summary>The repository's folder; the test ends as inconclusive, and says so, where it runs without one.</summary>
    public static string Require()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FusionKernels.sln"))) folder = folder.Parent;
        const string Message = "there is no repository above the tests, so its pages cannot be checked";
        // An inconclusive result keeps its reason to itself in the runner's short output.
        if (folder is null) TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name} did not run: {Message}");
        Assume.That(folder, Is.Not.Null, Message);
        return folder!.FullName;
    }

    /// <summary>Every page, relative to the repository.</summary>
    public static IReadOnlyList<string> Pages(string root) =>
    [
        "README.md",
        "CHANGELOG.md",
        Path.Combine("kernels", "README.md"),
        Path.Combine("bench", "README.md"),
        .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(root, path)),
    ];

    /// <summary>The blocks of code of all pages.</summary>
    public static IReadOnlyList<CodeBlock> Blocks(string root) => [.. Pages(root).SelectMany(page => Blocks(page, File.ReadAllLines(Path.Combine(root, page))))];

    /// <summary>
    /// What examples show: by the test's name, the lines of its body up to the first assertion, without their indentation.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Examples(string root)
    {
        Dictionary<string, IReadOnlyList<string>> examples = [];
        string folder = Path.Combine(root, "tests", "FusionKernels.Tests", "Docs");
        foreach (string path in Directory.GetFiles(folder, "*Examples.cs"))
        {
            string[] lines = File.ReadAllLines(path);
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Trim() == "[Test]") examples.Add(NameOf(lines[i + 1]), Body(lines.Skip(i + 3)));
            }
        }

        return examples;
    }

    private static IEnumerable<CodeBlock> Blocks(string page, string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal)) continue;
            int end = Array.IndexOf(lines, Fence, i + 1);
            Assert.That(end, Is.GreaterThan(i), $"{page}:{i + 1}: the block of code does not end");
            string[] words = lines[i][Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return new(page, i + 1, words.ElementAtOrDefault(0) ?? "", words.ElementAtOrDefault(1) ?? "", lines[(i + 1)..end]);
            i = end;
        }
    }

    private static string NameOf(string declaration) => declaration.Split('(')[0].Split(' ')[^1];

    private static List<string> Body(IEnumerable<string> lines)
    {
        const int Indentation = 8;
        List<string> body = [];
        foreach (string line in lines.TakeWhile(line => line != "    }"))
        {
            if (line.TrimStart().StartsWith("Assert.", StringComparison.Ordinal)) break;
            body.Add(line.Length > Indentation ? line[Indentation..] : line.Trim());
        }

        while (body.Count > 0 && body[^1].Length == 0) body.RemoveAt(body.Count - 1);
        return body;
    }
}
