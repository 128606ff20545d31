namespace FusionKernels.Kernels.Correlation;

/// <summary>What messages call the rows of a call, which may be a part of more rows.</summary>
/// <param name="First">The number of row 0.</param>
/// <param name="Step">From one row to the next.</param>
internal readonly record struct RowNumbers(long First, int Step)
{
    /// <summary>Rows that are counted from 0.</summary>
    public static RowNumbers OfAll => new(0, 1);

    /// <summary>The number of a row.</summary>
    public long Of(long row) => First + (row * Step);

    /// <summary>The numbers of rows that begin with a row of these.</summary>
    public RowNumbers From(long row) => this with { First = Of(row) };
}
