namespace FusionKernels;

/// <summary>What is asked of the rows of delimited text.</summary>
internal enum CsvShape
{
    /// <summary>All have as many cells as the first; empty lines are passed over.</summary>
    Table,

    /// <summary>Each has as many cells as it likes, but at least one; an empty line is an error.</summary>
    Series,
}
