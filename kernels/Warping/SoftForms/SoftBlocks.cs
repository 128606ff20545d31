using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>How the backward pass of one table is split into blocks of diagonals, whose shares are computed again from what stands before them.</summary>
/// <remarks>Memory grows with width x sqrt(diagonals), never with the table. Pure.</remarks>
internal readonly struct SoftBlocks
{
    /// <summary>Shares that stay in a core's second cache beside the diagonals are cheaper kept than computed again.</summary>
    private const long ShareBytesInCache = 384 << 10;

    /// <summary>Splits the table.</summary>
    /// <param name="rows">The length of x.</param>
    /// <param name="columns">The length of y.</param>
    /// <param name="width">The most cells of a diagonal.</param>
    /// <param name="padding">Elements that a kernel may write behind a diagonal.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public SoftBlocks(int rows, int columns, int width, int padding, int elementBytes)
    {
        long diagonals = (long)rows + columns - 1;
        Stride = ((nint)width + (2 * padding) - 1) / padding * padding;

        // Three shares of each diagonal of a block against two diagonals of two numbers before every block.
        double balanced = Math.Sqrt(4.0 * diagonals / 3);
        double inCache = ShareBytesInCache / (3.0 * Stride * elementBytes);
        Diagonals = (int)Math.Clamp(Math.Max(balanced, inCache), 1, diagonals);
        Count = (int)((diagonals + Diagonals - 1) / Diagonals);
    }

    /// <summary>Diagonals of a block; the last block may have fewer.</summary>
    public int Diagonals { get; }

    /// <summary>Blocks.</summary>
    public int Count { get; }

    /// <summary>Elements of a share of a diagonal.</summary>
    public nint Stride { get; }

    /// <summary>Elements of the shares of a block.</summary>
    public nint ShareSize => 3 * Stride * Diagonals;

    /// <summary>Elements of what is saved before every block but the first.</summary>
    /// <param name="savedSize">Elements before one.</param>
    public nint SavedSize(nint savedSize) => savedSize * (Count - 1);
}
