using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>Series that lie in the lanes of a vector, transposed, beside the memory to align others with them; of one thread.</summary>
/// <remarks>W is the number of lanes. Lanes behind the last series repeat it.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct LaneGroup<T>
    where T : unmanaged
{
    /// <summary>Lanes, W.</summary>
    public int Lanes;

    /// <summary>Steps of the longest series.</summary>
    public int Longest;

    /// <summary>Steps of each lane's series, in ascending order.</summary>
    public int* Lengths;

    /// <summary>Samples: steps x channels x W.</summary>
    public T* Y;

    /// <summary>Step values: steps x W.</summary>
    public T* ColumnValues;

    /// <summary>What the table's border holds above each column: steps x W.</summary>
    public T* ColumnBorders;

    /// <summary>A row of cells, steps x W, with one column before.</summary>
    public T* Border;

    /// <summary>What a strip's rows begin from: (rows + 1) x W.</summary>
    public T* State;

    /// <summary>Samples of a strip's rows: channels x <see cref="MostRows"/>.</summary>
    public T* X;

    /// <summary>Point costs of a few columns of a strip: columns x rows x W.</summary>
    public T* Costs;

    /// <summary>Values of |row - column|: (rows + steps - 1) x W, the longest series' rows first.</summary>
    public T* Lags;

    /// <summary>Each row's first column in the window: rows x W.</summary>
    public T* Firsts;

    /// <summary>The column behind each row's window: rows x W.</summary>
    public T* Ends;

    /// <summary>Each row's columns over all lanes.</summary>
    public LaneSpan* Spans;

    /// <summary>End values: rows of a piece x W.</summary>
    public T* Values;

    /// <summary>Elements of <typeparamref name="T"/> that one thread holds for such groups.</summary>
    /// <param name="lanes">Lanes.</param>
    /// <param name="longestX">Steps of the longest series of the rows.</param>
    /// <param name="longestY">Steps of the longest series of the columns.</param>
    /// <param name="channels">Channels of a sample.</param>
    /// <param name="parts">Alignments whose end values are added.</param>
    /// <param name="readsValues">Whether steps have values, and so may the border.</param>
    /// <param name="readsLags">Whether |row - column| has.</param>
    /// <param name="isWindowed">Whether there is a window.</param>
    public static long Elements(int lanes, int longestX, int longestY, int channels, int parts, bool readsValues, bool readsLags, bool isWindowed)
    {
        long perColumn = channels + 1L + (readsValues ? 2 : 0) + (readsLags ? 1 : 0);
        long perRow = (readsLags ? 1 : 0) + (isWindowed ? 2 : 0);
        return (lanes * ((perColumn * longestY) + (perRow * longestX) + 1 + (MostRows + 1) + (MostCostRows * CostColumns) + (PieceRows * Math.Min(parts, 2)))) + ((long)MostRows * channels) + (4096 / sizeof(T));
    }

    /// <summary>Columns whose point costs are kept at a time: 15 KiB at 512 bits, half of a first-level cache.</summary>
    public const int CostColumns = 20;

    /// <summary>Rows of a strip at most.</summary>
    public const int MostRows = 16;

    /// <summary>Rows of a strip at most whose point costs are computed beforehand.</summary>
    public const int MostCostRows = 6;

    /// <summary>Series of x that one piece aligns with a group: enough that packing is lost in it, few enough to share out.</summary>
    public const int PieceRows = 32;
}
