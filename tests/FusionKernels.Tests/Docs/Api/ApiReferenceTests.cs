using NUnit.Framework;

namespace FusionKernels.Tests.Docs.Api;

/// <summary>docs/api is what the assemblies and their documentation say; <c>.ci/api-reference.sh</c> writes it.</summary>
[TestFixture]
internal sealed class ApiReferenceTests
{
    /// <summary>Set by the script: the pages are written instead of compared.</summary>
    private const string Writing = "FUSIONKERNELS_WRITE_PAGES";

    [Test]
    public void The_pages_are_up_to_date()
    {
        string root = Repository.Require(), folder = Path.Combine(root, "docs", "api");
        IReadOnlyDictionary<string, string> pages = ApiPages.Build(root);
        if (Environment.GetEnvironmentVariable(Writing) is not null)
        {
            Directory.CreateDirectory(folder);
            foreach (string old in Directory.GetFiles(folder, "*.md")) File.Delete(old);
            foreach ((string name, string text) in pages) File.WriteAllText(Path.Combine(folder, name), text);
        }

        Assert.That(Directory.GetFiles(folder, "*.md").Select(Path.GetFileName), Is.EquivalentTo(pages.Keys));
        foreach ((string name, string text) in pages)
        {
            Assert.That(File.ReadAllText(Path.Combine(folder, name)).ReplaceLineEndings("\n") == text, $"docs/api/{name} is not what the code says: run .ci/api-reference.sh and review the diff");
        }
    }

    [Test]
    public void Every_public_type_and_member_says_what_it_is()
    {
        foreach ((string name, string text) in ApiPages.Build(Repository.Require()))
        {
            Assert.That(text, Does.Not.Contain("|  |\n").And.Not.Contain("```\n\n\n"), $"docs/api/{name} has an empty summary");
        }
    }
}
