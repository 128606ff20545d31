using System.Globalization;
using System.Text;

namespace FusionKernels.Bench;

/// <summary>Markdown that also reads well as plain text: tables have even columns.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder _text = new();

    /// <summary>A heading with an empty line after it.</summary>
    public void Heading(string heading, int level = 1)
    {
        if (_text.Length > 1 && _text[^2] != '\n') _text.Append('\n');
        _text.Append('#', level).Append(' ').Append(heading).Append("\n\n");
    }

    /// <summary>One line of a list.</summary>
    public void Item(string name, string value) => _text.Append(CultureInfo.InvariantCulture, $"* {name}: {value}\n");

    /// <summary>A sentence or some, with an empty line after it.</summary>
    public void Paragraph(string text) => _text.Append(text).Append("\n\n");

    /// <summary>The machine, one line a fact.</summary>
    public void Machine(Machine machine)
    {
        Item("Date", machine.Date);
        Item("Processor", $"{machine.Processor}, {machine.Cores} logical processors, SIMD {machine.Simd}");
        Item("Memory", string.Create(CultureInfo.InvariantCulture, $"{machine.MemoryBytes / (double)(1L << 30):0.0} GiB"));
        Item("System", $"{machine.OperatingSystem}, {machine.Runtime}");
        Item("Libraries", string.Join(", ", machine.Libraries.Select(library => $"{library.Key} {library.Value}")));
    }

    /// <summary>A table.</summary>
    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        List<string[]> lines = [columns, .. rows];
        int[] widths = [.. Enumerable.Range(0, columns.Length).Select(column => lines.Max(line => line[column].Length))];
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (string[] line in lines)
        {
            _text.Append('|');
            for (int column = 0; column < line.Length; column++) _text.Append(' ').Append(line[column].PadRight(widths[column])).Append(" |");
            _text.Append('\n');
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
