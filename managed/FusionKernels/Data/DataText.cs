using System.Globalization;
using System.Numerics;
using System.Text;

namespace FusionKernels;

/// <summary>Numbers read from text without regard to the culture, and foreign text made safe for a message.</summary>
internal static class DataText
{
    /// <summary>The longest piece of a file that a message repeats unless more helps.</summary>
    private const int QuotedCharacters = 40;

    /// <summary>The longest part of a message; what repeats a file may be as long as the file.</summary>
    private const int LineCharacters = 500;

    /// <summary>The longest text that is parsed as a number on the stack; a double never needs more to be exact in practice.</summary>
    private const int StackCharacters = 128;

    /// <summary>Foreign text in quotes: its first characters, without control characters.</summary>
    public static string Quote(ReadOnlySpan<char> text, int characters = QuotedCharacters)
    {
        StringBuilder quoted = new("'");
        AppendTame(quoted, text, characters);
        return quoted.Append(text.Length > characters ? "...'" : "'").ToString();
    }

    /// <summary>Words that may hold foreign text, made one line of bounded length.</summary>
    public static string Line(string text)
    {
        if (text.Length <= LineCharacters && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f') && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) return text;
        StringBuilder line = new();
        AppendTame(line, text, LineCharacters);
        return line.Append(text.Length > LineCharacters ? "..." : "").ToString();
    }

    /// <summary>Appends the first characters of a text, those that would break a line as their numbers.</summary>
    private static void AppendTame(StringBuilder line, ReadOnlySpan<char> text, int characters)
    {
        foreach (char c in text[..Math.Min(text.Length, characters)])
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }
    }

    /// <summary>
    /// Reads a number: decimal point, optional exponent, no grouping; <c>nan</c>, <c>inf</c> and <c>infinity</c> with optional sign in any case
    /// for floating-point types. A finite text that the type cannot hold is no number of that type.
    /// </summary>
    public static bool TryParseNumber<T>(ReadOnlySpan<char> text, out T number)
        where T : unmanaged, INumber<T>
    {
        text = text.Trim();
        ReadOnlySpan<char> unsigned = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        if (unsigned.Length > 0 && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.'))
            return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && T.IsFinite(number);

        double word = unsigned switch
        {
            _ when unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase) => double.NaN,
            _ when unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase)
                || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase) => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            _ => 0,
        };
        number = T.CreateSaturating(word);
        return !double.IsFinite(word) && !T.IsFinite(number);
    }

    /// <summary>The same for UTF-8 text.</summary>
    public static bool TryParseNumber<T>(ReadOnlySpan<byte> utf8, out T number)
        where T : unmanaged, INumber<T>
    {
        if (utf8.Length > StackCharacters)
            return TryParseNumber(Encoding.UTF8.GetString(utf8).AsSpan(), out number);
        Span<char> characters = stackalloc char[StackCharacters];
        int length = Encoding.UTF8.GetChars(utf8, characters);
        return TryParseNumber(characters[..length], out number);
    }

    /// <summary>The name of a number type as messages say it.</summary>
    public static string NumberName<T>() =>
        typeof(T) == typeof(float) ? "a float32 number" : typeof(T) == typeof(double) ? "a number" : $"a whole number of type {typeof(T).Name}";
}
