namespace FusionKernels.Tests.Docs;

/// <summary>A fenced block of code of a page.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Language">The first word behind the fence.</param>
/// <param name="Name">The second word: of C#, the test whose body the block is, or the file that it stands in.</param>
/// <param name="Lines">The code.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Name, IReadOnlyList<string> Lines)
{
    /// <summary>Whether it is part of a file.</summary>
    public bool IsOfFile => Name.Contains('/', StringComparison.Ordinal);

    /// <summary>Where the block stands, for messages.</summary>
    public override string ToString() => $"{Page}:{Line} {Name}";
}
