namespace FusionKernels;

/// <summary>How a table of text is read.</summary>
public sealed record CsvReadOptions
{
    /// <summary>The character between cells; a space stands for any run of spaces and tabs. Null (the default) detects comma, semicolon, tab, bar or white space.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first row names the columns; detected by default. Say so for a header made of numbers.</summary>
    public CsvHeader Header { get; init; } = CsvHeader.Detect;

    /// <summary>Lines that start with this character are passed over; <c>#</c> by default, null for none.</summary>
    public char? Comment { get; init; } = '#';

    /// <summary>Lines at the top that are no part of the table; 0 by default.</summary>
    public int SkipLines { get; init; }

    /// <summary>Whether an empty cell is a missing value, read as NaN; an error by default.</summary>
    public bool AllowMissing { get; init; }
}
