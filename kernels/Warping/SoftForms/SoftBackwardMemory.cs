using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The working memory of one backward pass, and where its results go.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SoftBackwardMemory<T>
    where T : unmanaged
{
    /// <summary>What goes to cell(i, j-1).</summary>
    public const int Left = 0;

    /// <summary>What goes to cell(i-1, j).</summary>
    public const int Above = 1;

    /// <summary>What goes to cell(i-1, j-1).</summary>
    public const int Diagonal = 2;

    // The diagonal at hand and the two behind it, each with what goes to three neighbours; and what arrived.
    private const int Turns = 3;
    private const int Arrays = (3 * Turns) + 1;

    /// <summary>How the table is split.</summary>
    public SoftBlocks Blocks;

    /// <summary>The diagonals of the forward pass.</summary>
    public SoftRing<T> Ring;

    /// <summary>What stood in the ring before each block but the first.</summary>
    public T* Saved;

    /// <summary>The shares of one block.</summary>
    public T* Shares;

    /// <summary>Half of the gradient with respect to x, in the kernel's layout and units; the kernel adds to it.</summary>
    public T* GradientX;

    /// <summary>The same of y, last sample first.</summary>
    public T* GradientY;

    /// <summary>The expected alignment, rows x columns; null where it is not asked for.</summary>
    public T* Expected;

    private T* _passed;
    private nint _stride;

    /// <summary>What arrived in the cells of the diagonal at hand, by row.</summary>
    public readonly T* Arrived => _passed + ((Arrays - 1) * _stride) + SoftPair<T>.Padding;

    /// <summary>Elements that a pass over a band works in.</summary>
    public static nint Size(in SoftBand band, int channels)
    {
        SoftBlocks blocks = BlocksOf(band);
        return SoftRing<T>.Size(band.Rows) + (Arrays * StrideOf(band)) + blocks.ShareSize + blocks.SavedSize(SoftRing<T>.SavedSize(band.Width))
            + (channels * GradientSize(band));
    }

    /// <summary>Divides memory of <see cref="Size"/> elements; the gradients begin at 0.</summary>
    public static SoftBackwardMemory<T> Divide(in SoftBand band, int channels, T* memory, T* expected)
    {
        SoftBackwardMemory<T> divided = new() { Blocks = BlocksOf(band), Expected = expected, _stride = StrideOf(band) };
        divided.Ring = new(memory, band.Rows);
        memory += SoftRing<T>.Size(band.Rows);
        divided._passed = memory;
        memory += Arrays * divided._stride;
        divided.Shares = memory;
        memory += divided.Blocks.ShareSize;
        divided.GradientX = memory + SoftPair<T>.Padding;
        divided.GradientY = divided.GradientX + (channels * SoftPair<T>.StrideOf(band.Rows));
        for (nint i = 0; i < channels * GradientSize(band); i++) memory[i] = default;
        divided.Saved = memory + (channels * GradientSize(band));
        return divided;
    }

    /// <summary>What the cells of a diagonal hand on to one of their neighbours, by row.</summary>
    public readonly T* Passed(int diagonal, int neighbour) => _passed + (((diagonal % Turns * 3) + neighbour) * _stride) + SoftPair<T>.Padding;

    /// <summary>Writes what arrived on a diagonal to the expected alignment.</summary>
    public readonly void StoreExpected(in SoftBand band, int diagonal)
    {
        for (nint i = band.First[diagonal]; i <= band.Last[diagonal]; i++) Expected[(i * band.Columns) + diagonal - i] = Arrived[i];
    }

    private static nint GradientSize(in SoftBand band) => SoftPair<T>.StrideOf(band.Rows) + SoftPair<T>.StrideOf(band.Columns);

    private static nint StrideOf(in SoftBand band) => ((nint)band.Rows + (3 * SoftPair<T>.Padding)) / SoftPair<T>.Padding * SoftPair<T>.Padding;

    private static SoftBlocks BlocksOf(in SoftBand band) => new(band.Rows, band.Columns, band.Width, SoftPair<T>.Padding, sizeof(T));
}
