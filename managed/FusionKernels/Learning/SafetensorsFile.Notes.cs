using System.Globalization;

namespace FusionKernels;

/// <content>What the words beside the tensors say.</content>
internal sealed partial class SafetensorsFile
{
    /// <summary>Numbers in words that <see cref="NumbersNote"/> reads back bit for bit.</summary>
    public static string Words(IEnumerable<double> numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The shape of a tensor; null where there is none of that name.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => _entries.TryGetValue(name, out Entry entry) ? entry.Shape : null;

    /// <summary>A note.</summary>
    /// <exception cref="DataFormatException">It is absent.</exception>
    public string Note(string name) => _notes.TryGetValue(name, out string? words) ? words : throw Error("the notes", $"a note '{name}'", "none");

    /// <summary>A whole number of 0 or more.</summary>
    /// <exception cref="DataFormatException">It is absent, or no such number.</exception>
    public int IntegerNote(string name) => int.TryParse(Note(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw Error($"note '{name}'", "a whole number", Note(name));

    /// <summary>Finite numbers with spaces between them.</summary>
    /// <exception cref="DataFormatException">They are absent, or one is no finite number.</exception>
    public double[] NumbersNote(string name)
    {
        List<double> numbers = [];
        foreach (string word in Note(name).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number)) throw Error($"note '{name}'", "finite numbers", word);
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>One of the names of an enumeration.</summary>
    /// <exception cref="DataFormatException">It is absent, or another word.</exception>
    public TChoice ChoiceNote<TChoice>(string name)
        where TChoice : struct, Enum => Array.IndexOf(Enum.GetNames<TChoice>(), Note(name)) is >= 0 and int at
            ? Enum.GetValues<TChoice>()[at]
            : throw Error($"note '{name}'", $"one of {string.Join(", ", Enum.GetNames<TChoice>())}", Note(name));
}
