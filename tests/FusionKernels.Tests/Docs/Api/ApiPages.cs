using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FusionKernels.Tests.Docs.Api;

/// <summary>The reference: one page for each folder of public types, made of the assemblies and their documentation files alone.</summary>
internal sealed partial class ApiPages
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_madeByRecords = ["Equals", "GetHashCode", "ToString", "<Clone>$", "PrintMembers", "Deconstruct", "op_Equality", "op_Inequality", "EqualityContract"];

    private readonly SortedDictionary<string, List<Type>> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _pages = [];
    private readonly DocText _text;

    private ApiPages(string root)
    {
        Assembly[] assemblies = [typeof(Gram).Assembly, typeof(DeviceDescription).Assembly];
        Dictionary<string, string> folders = Folders(root);
        foreach (Type type in assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => !IsHidden(type)).OrderBy(Signatures.Name, StringComparer.Ordinal))
        {
            Type outer = type;
            while (outer.DeclaringType is { } declaring) outer = declaring;
            string folder = folders[outer.Name.Split('`')[0]];
            if (!_folders.TryGetValue(folder, out List<Type>? types)) _folders[folder] = types = [];
            types.Add(type);
            _pages[DocIds.Of(type)] = $"{PageOf(folder)}#{Anchor(type)}";
        }

        _text = new(assemblies.Select(assembly => Path.ChangeExtension(assembly.Location, ".xml")), id => _pages.GetValueOrDefault(id));
    }

    /// <summary>All pages, by file name.</summary>
    public static IReadOnlyDictionary<string, string> Build(string root)
    {
        ApiPages pages = new(root);
        Dictionary<string, string> files = new() { ["README.md"] = pages.Index() };
        foreach ((string folder, List<Type> types) in pages._folders) files[PageOf(folder)] = pages.Page(folder, types);
        return files;
    }

    /// <summary>By type, the folder of the source that declares it.</summary>
    private static Dictionary<string, string> Folders(string root)
    {
        Dictionary<string, string> folders = [];
        foreach (string library in new[] { "kernels", Path.Combine("managed", "FusionKernels") })
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(root, library), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
                if (folder.Contains("/obj", StringComparison.Ordinal)) continue;
                foreach (Match declared in Declarations().Matches(File.ReadAllText(file))) folders[declared.Groups[1].Value] = folder;
            }
        }

        return folders;
    }

    private static bool IsHidden(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.Name.StartsWith('<');

    private static string PageOf(string folder) => Short(folder).Replace('/', '-').ToLowerInvariant() + ".md";

    private static string Short(string folder) => folder.StartsWith("managed/FusionKernels/", StringComparison.Ordinal) ? folder["managed/FusionKernels/".Length..] : folder;

    private static string Title(string folder) => string.Join(": ", Short(folder).Split('/').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private static string Anchor(Type type) => new([.. Signatures.Name(type).ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ').Select(letter => letter == ' ' ? '-' : letter)]);

    private string Summary(Type type) => _text.Line(_text.Sections(DocIds.Of(type), "summary").FirstOrDefault());

    private string Index()
    {
        StringBuilder text = new("# API reference\n\nEvery public type of `FusionKernels` and `FusionKernels.Kernels`, all in the namespace `FusionKernels`, by the folder of its source. Made by `.ci/api-reference.sh` from the assemblies and their XML documentation; a test compares. What belongs together and why is told on the [pages of the families](../README.md).\n");
        foreach ((string folder, List<Type> types) in _folders)
        {
            text.Append($"\n## [{Title(folder)}]({PageOf(folder)})\n\n");
            text.Append(string.Join(", ", types.Select(type => $"[`{Signatures.Name(type)}`]({_pages[DocIds.Of(type)]})"))).Append('\n');
        }

        return text.ToString();
    }

    private string Page(string folder, List<Type> types)
    {
        StringBuilder text = new($"# {Title(folder)}\n\nTypes of [{folder}](../../{folder}), namespace `FusionKernels`. [All pages](README.md).\n\n| type | is |\n|---|---|\n");
        foreach (Type type in types) text.Append($"| [`{Signatures.Name(type)}`](#{Anchor(type)}) | {Summary(type)} |\n");
        foreach (Type type in types) Describe(text, type);
        return text.ToString();
    }

    private void Describe(StringBuilder text, Type type)
    {
        string id = DocIds.Of(type);
        text.Append($"\n## `{Signatures.Name(type)}`\n\n```csharp\n{Signatures.Of(type)}\n```\n\n{Summary(type)}\n");
        Sections(text, id, null);
        if (type is { IsValueType: false, BaseType: { } parent } && _pages.TryGetValue(DocIds.Of(parent.IsGenericType ? parent.GetGenericTypeDefinition() : parent), out string? inherited)) text.Append($"\nHas all of [`{Signatures.Name(parent)}`]({inherited}).\n");
        if (type.IsSubclassOf(typeof(Delegate))) return;
        MemberInfo[] members = [.. type.GetMembers(Declared).Where(member => IsShown(type, member) && !IsUntold(member)).OrderBy(Rank).ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(DocIds.Of, StringComparer.Ordinal)];
        if (type.IsEnum)
        {
            text.Append("\n| value | is |\n|---|---|\n");
            foreach (FieldInfo value in members.OfType<FieldInfo>().OrderBy(field => Convert.ToInt64(field.GetRawConstantValue(), null))) text.Append($"| `{value.Name}` | {_text.Line(_text.Sections(DocIds.Of(value), "summary").FirstOrDefault())} |\n");
            return;
        }

        MemberInfo[] properties = [.. members.Where(member => member is PropertyInfo or FieldInfo)];
        if (properties.Length > 0) text.Append('\n');
        foreach (MemberInfo property in properties) text.Append($"* `{Signatures.Of(property)}`  \n  {PropertyText(type, property)}\n");
        foreach (MethodBase method in members.OfType<MethodBase>()) Describe(text, type, method);
    }

    /// <summary>A property's summary; of a record's parameter, what the record says of it.</summary>
    private string PropertyText(Type type, MemberInfo property)
    {
        string id = DocIds.Of(property);
        XElement? told = _text.Sections(id, "summary", Parent(property)).FirstOrDefault() ?? _text.Sections(DocIds.Of(type), "param").FirstOrDefault(section => section.Attribute("name")?.Value == property.Name);
        string more = string.Join(' ', _text.Sections(id, "remarks", Parent(property)).Select(_text.Line)), thrown = string.Join("; ", _text.Sections(id, "exception").Select(Thrown));
        return $"{_text.Line(told)}{(more.Length > 0 ? $" {more}" : "")}{(thrown.Length > 0 ? $" Throws {thrown}" : "")}";
    }

    private void Describe(StringBuilder text, Type type, MethodBase method)
    {
        string id = DocIds.Of(method);
        string? parent = Parent(method);
        XElement? summary = _text.Sections(id, "summary", parent).FirstOrDefault();
        bool isPrimary = method is ConstructorInfo && summary is null;
        text.Append($"\n### `{(method is ConstructorInfo ? $"new {type.Name.Split('`')[0]}" : method.Name)}`\n\n```csharp\n{Signatures.Of(method)}\n```\n\n");
        text.Append(isPrimary ? "Makes one of its parts.\n" : $"{_text.Line(summary)}\n");
        XElement[] parameters = [.. _text.Sections(isPrimary ? DocIds.Of(type) : id, "param", parent)];
        string[] rows = [.. method.GetParameters().Select(parameter => (parameter.Name, Text: _text.Line(parameters.FirstOrDefault(section => section.Attribute("name")?.Value == parameter.Name)))).Where(one => one.Text.Length > 0).Select(one => $"* `{one.Name}`: {one.Text}\n")];
        if (rows.Length > 0) text.Append('\n').Append(string.Concat(rows));
        Sections(text, id, parent);
    }

    private void Sections(StringBuilder text, string id, string? parent)
    {
        if (_text.Sections(id, "returns", parent).FirstOrDefault() is { } returns) text.Append($"\nReturns: {_text.Line(returns)}\n");
        foreach (XElement remarks in _text.Sections(id, "remarks", parent)) text.Append($"\n{_text.Block(remarks)}\n");
        XElement[] exceptions = [.. _text.Sections(id, "exception", parent)];
        if (exceptions.Length > 0) text.Append("\nThrows:\n\n").Append(string.Concat(exceptions.Select(exception => $"* {Thrown(exception)}\n")));
    }

    private string Thrown(XElement exception) => $"{_text.Reference(exception.Attribute("cref")!.Value)}: {_text.Line(exception)}";

    private static bool IsShown(Type type, MemberInfo member)
    {
        if (Signatures.IsRecord(type) && s_madeByRecords.Contains(member.Name) && !(member.Name == "ToString" && !member.IsDefined(typeof(CompilerGeneratedAttribute)))) return false;
        return member switch
        {
            ConstructorInfo { IsStatic: true } => false,
            ConstructorInfo constructor => IsVisible(constructor) && !(Signatures.IsRecord(type) && constructor.GetParameters() is [{ } only] && only.ParameterType == type) && !(type.IsAbstract && type.IsSealed),
            MethodInfo method => IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
            FieldInfo field => field.IsPublic && !field.IsSpecialName,
            _ => false,
        };
    }

    /// <summary>What every type has without having to say anything of it: a constructor of no arguments, overrides of <see cref="object"/>.</summary>
    private bool IsUntold(MemberInfo member) => !_text.Sections(DocIds.Of(member), "summary", Parent(member)).Any()
        && (member is ConstructorInfo made ? made.GetParameters().Length == 0 : member is MethodInfo method && method.GetBaseDefinition().DeclaringType == typeof(object));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static int Rank(MemberInfo member) => member switch
    {
        ConstructorInfo => 0,
        PropertyInfo or FieldInfo => 1,
        _ => 2,
    };

    /// <summary>What a member overrides or implements, in these assemblies.</summary>
    private static string? Parent(MemberInfo member)
    {
        MethodInfo? method = member as MethodInfo ?? (member as PropertyInfo)?.GetMethod;
        if (method is null || method.IsStatic) return null;
        MethodInfo based = method.GetBaseDefinition();
        if (based != method) return member is PropertyInfo ? $"P:{DocIds.Of(based.DeclaringType!)[2..]}.{member.Name}" : DocIds.Of(based);
        foreach (Type contract in member.DeclaringType!.GetInterfaces().Where(one => one.Assembly == member.DeclaringType.Assembly))
        {
            InterfaceMapping map = member.DeclaringType.IsInterface ? default : member.DeclaringType.GetInterfaceMap(contract);
            int at = map.TargetMethods is null ? -1 : Array.IndexOf(map.TargetMethods, method);
            if (at >= 0) return member is PropertyInfo ? $"P:{DocIds.Of(contract)[2..]}.{member.Name}" : DocIds.Of(map.InterfaceMethods[at]);
        }

        return null;
    }

    [GeneratedRegex(@"(?m)^public [a-z ]*(?:class|struct|record|interface|enum|delegate [\w<>?]+) (\w+)")]
    private static partial Regex Declarations();
}
