namespace FusionKernels;

/// <summary>Whether the first row of a table names its columns.</summary>
public enum CsvHeader
{
    /// <summary>The first row is a header if at least one of its cells is neither a number nor empty.</summary>
    Detect,

    /// <summary>The first row is a header, even if all its cells are numbers.</summary>
    Present,

    /// <summary>The first row holds values.</summary>
    Absent,
}
