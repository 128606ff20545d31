namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The cells of one alignment table that lie on a path of its window, diagonal by diagonal.</summary>
/// <remarks>
/// On diagonal k lie the cells (i, k - i) with First[k] &lt;= i &lt;= Last[k]. From one diagonal to the next either bound stays or
/// moves by one, and a diagonal that paths step over is empty with First = Last + 1.
/// </remarks>
internal unsafe struct SoftBand
{
    /// <summary>The length of x.</summary>
    public int Rows;

    /// <summary>The length of y.</summary>
    public int Columns;

    /// <summary>The first row on each diagonal.</summary>
    public int* First;

    /// <summary>The last row on each diagonal.</summary>
    public int* Last;

    /// <summary>The most cells of any diagonal.</summary>
    public int Width;

    /// <summary>All cells.</summary>
    public long Cells;

    /// <summary>Diagonals.</summary>
    public readonly int Diagonals => Rows + Columns - 1;

    /// <summary>Numbers of memory that a band of such lengths takes.</summary>
    public static nint Size(int rows, int columns) => (4 * (nint)rows) + (2 * (nint)columns);

    /// <summary>Works out the band; false where the window leaves no path.</summary>
    /// <param name="window">A range of columns for every row.</param>
    /// <param name="rows">The length of x.</param>
    /// <param name="columns">The length of y.</param>
    /// <param name="memory">As many numbers as <see cref="Size"/> says.</param>
    /// <param name="band">The band.</param>
    public static bool TryCreate(WarpingWindow window, int rows, int columns, int* memory, out SoftBand band)
    {
        int* starts = memory, ends = starts + rows;
        band = new() { Rows = rows, Columns = columns, First = ends + rows, Last = ends + (2 * (nint)rows) + columns };
        if (!FillRows(window, rows, columns, starts, ends)) return false;
        int first = 0, last = -1;
        for (int k = 0; k < band.Diagonals; k++)
        {
            while (last + 1 < rows && last + 1 + starts[last + 1] <= k) last++;
            while (first < rows && first + ends[first] <= k) first++;
            band.First[k] = first;
            band.Last[k] = last;
            band.Width = Math.Max(band.Width, last - first + 1);
            band.Cells += last - first + 1;
        }

        return true;
    }

    /// <summary>Rows' ranges without the cells that no path reaches or leaves: begins and ends that never fall back.</summary>
    private static bool FillRows(WarpingWindow window, int rows, int columns, int* starts, int* ends)
    {
        int start = 0, end = columns;
        for (int i = 0; i < rows; i++)
        {
            RowRange range = window.Row(i, rows, columns).Within(columns);
            start = Math.Max(start, range.First);
            (starts[i], ends[i]) = (start, range.End);
        }

        for (int i = rows - 1; i >= 0; i--) ends[i] = end = Math.Min(end, ends[i]);
        bool isConnected = starts[0] == 0 && ends[rows - 1] == columns;
        for (int i = 0; i < rows; i++) isConnected &= starts[i] < ends[i] && (i == 0 || starts[i] <= ends[i - 1]);
        return isConnected;
    }
}
