using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace FusionKernels.Tests.Docs.Api;

/// <summary>The compiler's documentation files, with what is inherited put in its place, as Markdown.</summary>
internal sealed partial class DocText
{
    private readonly Dictionary<string, XElement> _members = [];
    private readonly Func<string, string?> _pageOf;

    /// <summary>Reads documentation files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="pageOf">Where a type of that name (<c>T:...</c>) is described; null for one of other libraries.</param>
    public DocText(IEnumerable<string> files, Func<string, string?> pageOf)
    {
        _pageOf = pageOf;
        foreach (XElement member in files.SelectMany(file => XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))) _members[member.Attribute("name")!.Value] = member;
    }

    /// <summary>Sections of one kind of a member: its own, then those that it inherits.</summary>
    /// <param name="id">The member.</param>
    /// <param name="tag">summary, param, ...</param>
    /// <param name="parent">What it overrides or implements; null for nothing.</param>
    public IEnumerable<XElement> Sections(string id, string tag, string? parent = null) => [.. All(id, parent, []).Where(element => element.Name.LocalName == tag)];

    /// <summary>The text of a section on one line.</summary>
    public string Line(XElement? section) => section is null ? "" : Blanks().Replace(Render(section, isBlock: false), " ").Trim();

    /// <summary>The text of a section as paragraphs and lists.</summary>
    public string Block(XElement section) => Lines().Replace(string.Join('\n', Render(section, isBlock: true).Split('\n').Select(line => Blanks().Replace(line, " ").Trim())), "\n\n").Trim();

    /// <summary>The name in a reference with its link.</summary>
    public string Reference(string id)
    {
        string name = NameOf(id), type = id.StartsWith("T:", StringComparison.Ordinal) ? id : $"T:{TypePart(id)}";
        return _pageOf(type) is { } page ? $"[`{name}`]({page})" : $"`{name}`";
    }

    private List<XElement> All(string id, string? parent, HashSet<string> seen)
    {
        List<XElement> found = [];
        if (!seen.Add(id) || !_members.TryGetValue(id, out XElement? member)) return found;
        found.AddRange(member.Elements().Where(element => element.Name.LocalName != "inheritdoc"));
        foreach (XElement inherited in member.Elements("inheritdoc"))
        {
            if ((inherited.Attribute("cref")?.Value ?? parent) is not { } source) continue;
            List<XElement> all = All(source, null, seen);
            seen.Remove(source);
            if (inherited.Attribute("path")?.Value is { } path)
            {
                // Paths are relative to the member, of which sections may themselves be inherited.
                XElement whole = new("member", all);
                all = [.. whole.XPathSelectElements("." + path)];
            }

            found.AddRange(all.Where(element => !found.Any(own => Key(own) == Key(element))));
        }

        return found;
    }

    /// <summary>What a section is about: sections of the same are not inherited.</summary>
    private static string Key(XElement section) => $"{section.Name.LocalName} {section.Attribute("name")?.Value}{section.Attribute("cref")?.Value}";

    private string Render(XElement element, bool isBlock)
    {
        StringBuilder text = new();
        foreach (XNode node in element.Nodes())
        {
            if (node is XText plain) text.Append(Escape(plain.Value.ReplaceLineEndings(" ")));
            else if (node is XElement inner) text.Append(Inner(inner, isBlock));
        }

        return text.ToString();
    }

    private string Inner(XElement inner, bool isBlock) => inner.Name.LocalName switch
    {
        "see" or "seealso" when inner.Attribute("langword") is { } word => $"`{word.Value}`",
        "see" or "seealso" when inner.Attribute("cref") is { } cref => Reference(cref.Value),
        "see" when inner.Attribute("href") is { } address => $"[{(inner.IsEmpty ? address.Value : Render(inner, isBlock: false))}]({address.Value})",
        "paramref" or "typeparamref" => $"`{inner.Attribute("name")!.Value}`",
        "c" => $"`{inner.Value}`",
        "code" => $"`{Blanks().Replace(inner.Value, " ").Trim()}`",
        "para" => isBlock ? $"\n\n{Render(inner, isBlock)}\n\n" : $" {Render(inner, isBlock)} ",
        "list" => string.Concat(inner.Elements("item").Select(item => (isBlock ? "\n* " : " ") + Blanks().Replace(Render(item, isBlock: false), " ").Trim())) + (isBlock ? "\n" : ""),
        _ => Render(inner, isBlock),
    };

    /// <summary>The name a reader knows: <c>Gram.Compute</c>, <c>Tensor&lt;T&gt;</c> without the marks of annex D.</summary>
    private static string NameOf(string id)
    {
        string plain = Arities().Replace(id[2..].Split('(')[0].Split('~')[0], "");
        string[] parts = [.. plain.Split('.').Select(part => part == "#ctor" ? "new" : part)];
        return id[0] is 'T' or '!' ? parts[^1] : string.Join('.', parts[^2..]);
    }

    private static string TypePart(string id)
    {
        string path = id[2..].Split('(')[0].Split('~')[0];
        return path[..path.LastIndexOf('.')];
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex Lines();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arities();
}
