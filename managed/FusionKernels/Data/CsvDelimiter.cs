namespace FusionKernels;

/// <summary>Which characters can stand between cells.</summary>
internal static class CsvDelimiter
{
    /// <summary>Refuses a character that belongs to numbers, quotes, comments or lines.</summary>
    /// <exception cref="ArgumentException">The character cannot separate cells.</exception>
    public static void Require(char delimiter)
    {
        bool taken = delimiter is '"' or '#' or '\r' or '\n' or '\0' or '.' or '-' or '+' || char.IsAsciiLetterOrDigit(delimiter) || !char.IsAscii(delimiter);
        if (taken)
            throw new ArgumentException($"the delimiter {DataText.Quote([delimiter])} cannot be told from the text of a cell; use a comma, a semicolon, a tab, a bar or a space", nameof(delimiter));
    }
}
