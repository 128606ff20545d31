namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>One pair of series on a device: where its samples lie, and the shape and window of its table.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct WarpingTable<T>
    where T : unmanaged
{
    /// <summary>Samples of x; 0 for a team that has no pair.</summary>
    public int Rows;

    /// <summary>Samples of y.</summary>
    public int Columns;

    /// <summary><see cref="Rows"/> as an element.</summary>
    public T RowsValue;

    /// <summary><see cref="Columns"/> as an element.</summary>
    public T ColumnsValue;

    /// <summary>The first sample of x, of part 0.</summary>
    public long X;

    /// <summary>The first sample of y, of part 0.</summary>
    public long Y;

    /// <summary>The first step of x among the values per step.</summary>
    public int XStep;

    /// <summary>The first step of y among the values per step.</summary>
    public int YStep;

    /// <summary>Row and column of the result.</summary>
    public int ResultRow;

    /// <inheritdoc cref="ResultRow"/>
    public int ResultColumn;

    /// <summary>The window.</summary>
    public DeviceWindow Window;

    /// <summary>Where the value of lag 0 stands.</summary>
    public int Lag;

    /// <summary>Passes of one part: strips of columns, or rows.</summary>
    public int Passes;

    /// <summary>The first row in which a path may end.</summary>
    public readonly int EndRow(int endX) => Rows - 1 < endX ? 0 : Rows - 1 - endX;
}
