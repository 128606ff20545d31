namespace FusionKernels;

/// <summary>How a table of text is written.</summary>
public sealed record CsvWriteOptions
{
    /// <summary>The character between cells; comma by default.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The names of the columns, written as the first row; null (the default) for none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }
}
