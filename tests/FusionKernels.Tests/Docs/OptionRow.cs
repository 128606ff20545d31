using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FusionKernels.Tests.Docs;

/// <summary>
/// A row of a table of options: it has a column "default", and names options as `Type.Option`, or as `Option` under a first heading that
/// names their types.
/// </summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Types">The types that the heading names.</param>
/// <param name="Names">The options, as the row names them.</param>
/// <param name="Default">What stands below "default".</param>
internal sealed partial record OptionRow(string Page, IReadOnlyList<string> Types, IReadOnlyList<string> Names, string Default)
{
    /// <summary>The rows of all pages but the reference.</summary>
    public static IReadOnlyList<OptionRow> All(string root) =>
    [
        .. Repository.Pages(root).Where(page => !page.StartsWith(Path.Combine("docs", "api"), StringComparison.Ordinal))
            .SelectMany(page => Rows(page, File.ReadAllLines(Path.Combine(root, page)))),
    ];

    /// <summary>Whether the row tells of an option of a type.</summary>
    public bool Tells(string type, string option) => Names.Contains($"{type}.{option}") || (Types.Contains(type) && Names.Contains(option));

    /// <summary>Whether the row's default is this value, so far as a page can write it: numbers, truth values, members of enumerations, numbers in a list.</summary>
    public bool States(object? value) => value switch
    {
        bool isOn => Words().Matches(Default).Any(word => word.Value == (isOn ? "true" : "false")),
        int.MaxValue => Default.Length > 0,
        int or long or ulong or double => Numbers().Contains(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        Enum => Words().Matches(Default).Any(word => word.Value == value.ToString()),
        IEnumerable<double> or IEnumerable<int> => ((IEnumerable)value).Cast<object>().All(States),
        _ => Default.Length > 0,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Page}: {string.Join(", ", Names)}";

    private static IEnumerable<OptionRow> Rows(string page, string[] lines)
    {
        string[] types = [];
        int column = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('|')) continue;
            string[] cells = Cells(lines[i]);
            if (lines.ElementAtOrDefault(i + 1)?.StartsWith("|---", StringComparison.Ordinal) == true)
            {
                types = [.. QuotedIn(cells[0]).Select(name => name.TrimEnd('.')).Where(name => name.EndsWith("Options", StringComparison.Ordinal))];
                column = Array.IndexOf(cells, "default");
                i++;
                continue;
            }

            string[] names = [.. QuotedIn(cells[0])];
            if (column >= 0 && (types.Length > 0 || names.Any(name => name.Contains("Options.", StringComparison.Ordinal)))) yield return new(page, types, names, cells[column]);
        }
    }

    private static string[] Cells(string line) => [.. Bars().Split(line.Trim().Trim('|')).Select(cell => cell.Trim())];

    private static IEnumerable<string> QuotedIn(string cell) => Quoted().Matches(cell).Select(quoted => quoted.Groups[1].Value);

    private IEnumerable<double> Numbers() =>
        from match in NumberWithUnit().Matches(Default)
        select double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Success ? 1 << 20 : 1);

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bars();

    [GeneratedRegex(@"`([\w.]+)")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    [GeneratedRegex(@"(?<![\w.])(-?\d*\.?\d+(?:e-?\d+)?)( MiB)?")]
    private static partial Regex NumberWithUnit();
}
