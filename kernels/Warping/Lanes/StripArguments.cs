namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>Where a strip finds its operands: some rows of the tables of as many pairs as there are lanes, which share x.</summary>
/// <remarks>W is the number of lanes. What a rule does not read is null.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct StripArguments<T>
    where T : unmanaged
{
    /// <summary>Samples of x: channels x <see cref="LaneGroup{T}.MostRows"/>, so that the compiler knows each one's place.</summary>
    public T* X;

    /// <summary>The values of the strip's rows.</summary>
    public T* RowValues;

    /// <summary>Samples of y: columns x channels x W.</summary>
    public T* Y;

    /// <summary>The values of the columns: columns x W.</summary>
    public T* ColumnValues;

    /// <summary>What the table's border holds beside each row.</summary>
    public T* RowBorders;

    /// <summary>Cells of the row above, columns x W; those of the last row when done.</summary>
    public T* Border;

    /// <summary>The cells left of the first column: of the row above, then of each row; x W. Those of the last column when done.</summary>
    public T* State;

    /// <summary>Values of |row - column| at column - row for the strip's first row, x W; negative differences lie before.</summary>
    public T* Lags;

    /// <summary>The first column of each row's window: rows x W, as numbers.</summary>
    public T* Firsts;

    /// <summary>The column behind each row's window: rows x W, as numbers.</summary>
    public T* Ends;

    /// <summary>Point costs where they are computed beforehand: columns from <see cref="From"/> on x rows x W.</summary>
    public T* Costs;

    /// <summary>Rows of the strip.</summary>
    public int Rows;

    /// <summary>Channels of a sample.</summary>
    public int Channels;

    /// <summary>The first column to compute.</summary>
    public int From;

    /// <summary>The column behind the last one.</summary>
    public int To;
}
