using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>Pages show where people would rather look than read, and what they draw of the code is so.</summary>
[TestFixture]
internal sealed partial class PictureTests
{
    /// <summary>Pages of words: lists of errors, of names and of commands.</summary>
    private static readonly string[] s_withoutPictures = ["README.md", "adding-a-family.md", "devices.md", "files.md", "telemetry.md", "testing.md", "troubleshooting.md"];

    private string _root = null!;

    [SetUp]
    public void FindPages() => _root = Repository.Require();

    [Test]
    public void Every_page_of_a_family_shows_a_picture()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (string page in Directory.GetFiles(Path.Combine(_root, "docs"), "*.md").Where(page => !s_withoutPictures.Contains(Path.GetFileName(page))))
            {
                Assert.That(File.ReadAllText(page), Does.Match(@"!\[[^\]]+\]\([\w-]+\.svg\)|(?m)^```mermaid$"), Path.GetFileName(page));
            }
        }
    }

    [Test]
    public void Every_picture_stands_above_a_command()
    {
        const int Lines = 8;
        using (Assert.EnterMultipleScope())
        {
            foreach (string page in Directory.GetFiles(Path.Combine(_root, "docs"), "*.md"))
            {
                string[] lines = File.ReadAllLines(page);
                for (int i = 0; i < lines.Length; i++)
                {
                    if (!lines[i].StartsWith("![", StringComparison.Ordinal)) continue;
                    bool isDrawn = lines.Skip(i + 1).Take(Lines).Any(line => line.Contains("fusionkernels ", StringComparison.Ordinal));
                    Assert.That(isDrawn, $"{Path.GetFileName(page)}: nothing below {lines[i]} draws it");
                }
            }
        }
    }

    [Test]
    public void The_dependencies_that_the_architecture_draws_are_those_of_the_projects()
    {
        CodeBlock drawn = Repository.Blocks(_root).First(block => block.Language == "mermaid" && block.Page == Path.Combine("docs", "architecture.md"));
        string[] edges = [.. drawn.Lines.Select(line => line.Trim()).Where(line => line.Contains("-->", StringComparison.Ordinal))];
        Assert.That(edges, Is.EquivalentTo(ProjectReferences().Distinct()));
    }

    /// <summary>By project its references, as edges; the samples are one.</summary>
    private IEnumerable<string> ProjectReferences() =>
        from folder in (string[])["kernels", "managed", "tests", "bench", "samples"]
        from project in Directory.GetFiles(Path.Combine(_root, folder), "*.csproj", SearchOption.AllDirectories)
        from reference in References().Matches(File.ReadAllText(project))
        select $"{NameOf(project)} --> {NameOf(Path.Combine(Path.GetDirectoryName(project)!, reference.Groups[1].Value))}";

    private string NameOf(string project) =>
        Path.GetRelativePath(_root, Path.GetFullPath(project)).StartsWith("samples", StringComparison.Ordinal) ? "samples" : Path.GetFileNameWithoutExtension(project);

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex References();
}
