namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>A problem's window for every pair of lengths, as kernels read it.</summary>
internal sealed class DeviceWindows
{
    /// <summary>Words of bits at most: what a buffer of 32-bit offsets holds, and no more than 1 GiB.</summary>
    private const long MostWords = 1 << 28;

    private readonly List<int> _bits = [];

    /// <summary>Describes the window for each length of x with each length of y.</summary>
    /// <exception cref="InsufficientMemoryException">The windows take more than kernels can address: take fewer lengths at a time.</exception>
    public DeviceWindows(WarpingWindow window, int[] rowLengths, int[] columnLengths)
    {
        IsWhole = window == WarpingWindow.None;
        Windows = new DeviceWindow[checked(rowLengths.Length * columnLengths.Length)];
        for (int x = 0; x < rowLengths.Length; x++)
        {
            for (int y = 0; y < columnLengths.Length; y++) Windows[(x * columnLengths.Length) + y] = Of(window, rowLengths[x], columnLengths[y]);
        }
    }

    /// <summary>Whether there is no window.</summary>
    public bool IsWhole { get; }

    /// <summary>Columns of a row within the widest of them.</summary>
    public int BandWidth => Windows.Max(window => window.Bits >= 0 ? int.MaxValue : (int)Math.Min(int.MaxValue, (long)window.Below + window.Above));

    /// <summary>Row lengths x column lengths.</summary>
    public DeviceWindow[] Windows { get; }

    /// <summary>The bits of those that are no bands.</summary>
    public ReadOnlySpan<int> Bits => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bits);

    private DeviceWindow Of(WarpingWindow window, int rows, int columns)
    {
        if (IsWhole) return new() { Below = rows, Above = columns, Bits = -1 };
        if (!window.HasHoles && TryBand(window, rows, columns, out DeviceWindow band)) return band;
        return WithBits(window, rows, columns);
    }

    /// <summary>Whether every row i is from column i - Below to column i + Above, as far as there are columns.</summary>
    private static bool TryBand(WarpingWindow window, int rows, int columns, out DeviceWindow band)
    {
        RowRange top = window.Row(0, rows, columns).Within(columns);
        RowRange bottom = window.Row(rows - 1, rows, columns).Within(columns);
        band = new()
        {
            Below = bottom.First == 0 ? rows : rows - 1 - bottom.First,
            Above = top.End == columns ? columns : top.End,
            Bits = -1,
        };
        for (int row = 0; row < rows; row++)
        {
            RowRange range = window.Row(row, rows, columns).Within(columns);
            int first = Math.Max(0, row - band.Below), end = (int)Math.Min(columns, (long)row + band.Above);
            bool isEmpty = range.End <= range.First;
            if (isEmpty ? end > first : range.First != first || range.End != end) return false;
        }

        return true;
    }

    private DeviceWindow WithBits(WarpingWindow window, int rows, int columns)
    {
        int words = (columns + 31) / 32;
        int start = _bits.Count;
        if (start + ((long)rows * words) > MostWords)
        {
            throw new InsufficientMemoryException($"the windows of {Windows.Length} pairs of lengths need more than {MostWords} words");
        }

        for (int row = 0; row < rows; row++)
        {
            RowRange range = window.HasHoles ? new(0, columns) : window.Row(row, rows, columns).Within(columns);
            for (int word = 0; word < words; word++)
            {
                int bits = 0;
                for (int column = Math.Max(32 * word, range.First); column < Math.Min((32 * word) + 32, range.End); column++)
                {
                    if (!window.HasHoles || window.Allows(row, column, rows, columns)) bits |= 1 << (column & 31);
                }

                _bits.Add(bits);
            }
        }

        return new() { Bits = start, Words = words };
    }
}
