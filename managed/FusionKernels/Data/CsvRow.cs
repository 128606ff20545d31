namespace FusionKernels;

/// <summary>The cells of one row as they stand in the file, without quotes, in UTF-8.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Text">All cells, one after the other.</param>
/// <param name="Ends">Where each cell ends in the text.</param>
internal readonly record struct CsvRow(long Line, byte[] Text, int[] Ends)
{
    /// <summary>The number of cells.</summary>
    public int Count => Ends.Length;

    /// <summary>One cell.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            int start = column == 0 ? 0 : Ends[column - 1];
            return Text.AsSpan(start, Ends[column] - start);
        }
    }
}
