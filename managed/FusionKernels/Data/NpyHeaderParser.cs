using System.Globalization;

namespace FusionKernels;

/// <summary>Parses the one Python dictionary that a .npy header is: the keys descr, fortran_order and shape, each once, and nothing else.</summary>
/// <param name="source">Named in errors.</param>
/// <param name="text">The header's text, one character per byte.</param>
/// <param name="offset">The byte of the file at which the text starts.</param>
internal ref struct NpyHeaderParser(BinarySource source, string text, long offset)
{
    /// <summary>The most dimensions a NumPy array has.</summary>
    private const int MaxRank = 64;

    private int position;
    private NpyType? type;
    private bool bigEndian;
    private bool? fortranOrder;
    private long[]? shape;

    /// <summary>Parses the text to its end.</summary>
    public NpyHeader Parse(int version, long dataOffset)
    {
        Take('{', "a dictionary");
        while (Peek() != '}')
        {
            ParseEntry();
            if (Peek() == ',')
                position++;
            else if (Peek() != '}')
                throw Error("',' or '}'");
        }

        position++;
        if (Peek() != '\0' || position < text.Length)
            throw Error("nothing after the dictionary but white space");
        if (type is null || fortranOrder is null || shape is null)
            throw source.Error(offset, "the keys 'descr', 'fortran_order' and 'shape'", "a dictionary without '" + (type is null ? "descr" : shape is null ? "shape" : "fortran_order") + "'");
        return new NpyHeader(type.Value, bigEndian, fortranOrder.Value, shape, version, dataOffset, CountElements(shape, type.Value.Bytes));
    }

    private void ParseEntry()
    {
        int start = position;
        string key = ParseString();
        Take(':', "':'");
        bool repeated = key switch
        {
            "descr" => type is not null,
            "fortran_order" => fortranOrder is not null,
            "shape" => shape is not null,
            _ => throw source.Error(offset + start, "one of the keys 'descr', 'fortran_order', 'shape'", DataText.Quote(key)),
        };
        if (repeated)
            throw source.Error(offset + start, "each key once", $"'{key}' again");
        if (key == "descr")
            ParseDescriptor();
        else if (key == "fortran_order")
            fortranOrder = ParseBoolean();
        else
            shape = ParseShape();
    }

    private void ParseDescriptor()
    {
        if (Peek() is '[' or '(')
            throw Error("a plain element type, " + NpyTypes.Supported, "a structured type; save each field as an array of its own");
        int start = position;
        string descriptor = ParseString();
        char order = descriptor.Length == 3 ? descriptor[0] : '\0';
        if (descriptor.TrimStart('|', '<', '>', '=').StartsWith('O'))
            throw source.Error(offset + start, NpyTypes.Supported, "an array of Python objects; these are pickles, which are never loaded: save numbers instead");
        NpyType? found = descriptor.Length == 3 ? NpyTypes.FromCode(descriptor.AsSpan(1)) : null;
        bool orderIsRight = order is '<' or '>' || (order == '|' && found is NpyType.U1 or NpyType.B1);
        if (found is null || !orderIsRight)
            throw source.Error(offset + start, $"{NpyTypes.Supported} with its byte order '<', '>' or '|'", $"{DataText.Quote(descriptor)}; save with one of these types");
        type = found;
        bigEndian = order == '>' && found.Value.Bytes > 1;
    }

    private bool ParseBoolean()
    {
        Peek();
        foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
        {
            if (text.AsSpan(position).StartsWith(word, StringComparison.Ordinal))
            {
                position += word.Length;
                return value;
            }
        }

        throw Error("True or False");
    }

    private long[] ParseShape()
    {
        Take('(', "a tuple");
        var lengths = new List<long>();
        bool comma = false;
        while (Peek() != ')')
        {
            if (lengths.Count > 0 && !comma)
                throw Error("',' or ')'");
            if (lengths.Count == MaxRank)
                throw Error($"at most {MaxRank} dimensions");
            lengths.Add(ParseLength());
            comma = Peek() == ',';
            if (comma)
                position++;
        }

        if (lengths.Count == 1 && !comma)
            throw Error("',' in a tuple of one");
        position++;
        return [.. lengths];
    }

    private long ParseLength()
    {
        Peek();
        int end = position;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        ReadOnlySpan<char> digits = text.AsSpan(position, end - position);
        bool leadingZero = digits.Length > 1 && digits[0] == '0';
        if (leadingZero || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long length))
            throw Error("the length of a dimension, a whole number below 2^63");
        position = end;
        // Python 2 wrote long integers with this suffix.
        if (position < text.Length && text[position] == 'L')
            position++;
        return length;
    }

    private string ParseString()
    {
        char quote = Peek();
        if (quote is not '\'' and not '"')
            throw Error("a quoted string");
        int end = text.IndexOf(quote, position + 1);
        if (end < 0)
            throw Error("a closed string");
        string content = text[(position + 1)..end];
        if (content.Contains('\\', StringComparison.Ordinal))
            throw Error("a string without escapes");
        position = end + 1;
        return content;
    }

    private readonly long CountElements(long[] lengths, int elementBytes)
    {
        // Empty dimensions are left out of the check, so that no order of multiplication overflows in a reader.
        Int128 bytes = elementBytes;
        foreach (long length in lengths)
        {
            bytes *= Math.Max(length, 1);
            if (bytes > long.MaxValue)
                throw source.Error(offset, "a shape of fewer than 2^63 bytes", NpyHeaderText.ShapeText(lengths));
        }

        return lengths.Contains(0) ? 0 : (long)bytes / elementBytes;
    }

    /// <summary>Skips white space; the next character, or 0 at the end.</summary>
    private char Peek()
    {
        while (position < text.Length && text[position] is ' ' or '\n' or '\t' or '\r')
            position++;
        return position < text.Length ? text[position] : '\0';
    }

    private void Take(char expected, string what)
    {
        if (Peek() != expected)
            throw Error(what);
        position++;
    }

    private readonly DataFormatException Error(string expected, string? found = null) =>
        source.Error(offset + position, expected, found ?? (position < text.Length ? DataText.Quote(text.AsSpan(position).TrimEnd()) : "the end of the header"));
}
