using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Cache blocking of host products: the one place that decides it.</summary>
/// <remarks>
/// A register tile of 12 x 32 float32 streams its two panels from the second- and third-level caches at 14 bytes a cycle, which
/// they deliver. What a tile costs beside its products (loading and storing sums, entering and leaving the loop) is therefore paid
/// as rarely as possible: a block is deep, and most products are one block. The rows of a piece stay in L2 where it is large enough
/// while panels of columns pass. Only the extents of pieces may follow from the machine: the depth of a block orders sums, and what
/// is packed at a time is memory that plans promise.
/// </remarks>
internal static class HostBlocking
{
    /// <summary>Bytes of a row in one depth block at most.</summary>
    private const int DepthBytes = 8192;

    /// <summary>Features of each depth block of a product: as few blocks as may be, of about the same size.</summary>
    public static int BlockDepth(int depth, int elementBytes)
    {
        int most = DepthBytes / elementBytes, blocks = Math.Max(1, (depth + most - 1) / most);
        return Math.Max(1, (depth + blocks - 1) / blocks);
    }

    /// <summary>Rows of one piece of work at most: a multiple of 12 and of 6.</summary>
    public const int MostPieceRows = 192;

    /// <summary>
    /// Rows of one piece of work: half as many where a block is deep and three quarters of an L2 hold so many rows of the deepest blocks
    /// but not all; the last quarter is for what passes. Where half as many would not stay either, all share what a panel of columns
    /// costs to bring.
    /// </summary>
    /// <param name="depth">Features of the product.</param>
    /// <param name="elementBytes">Bytes of one element.</param>
    /// <param name="cacheBytes">Bytes of a core's L2.</param>
    public static int PieceRows(int depth, int elementBytes, long cacheBytes)
    {
        long staying = cacheBytes * 3 / 4 / DepthBytes;
        return IsDeep(depth, elementBytes) && staying is >= MostPieceRows / 2 and < MostPieceRows ? MostPieceRows / 2 : MostPieceRows;
    }

    /// <summary>
    /// Rows that meet one panel of columns after the other before the next rows do: with short ones, few enough that the pages of the result's
    /// rows stay in the buffer of translations and a row is written from line to line, and enough that what goes to a mirrored column at a
    /// time is a stretch of six lines of float32, since memory takes scattered lines at a third of the rate. Long rows cost more
    /// to bring than a result to store: all of a piece meet a panel of columns while it is there.
    /// </summary>
    public static int StripeRows(int depth, int elementBytes) => IsDeep(depth, elementBytes) ? MostPieceRows : MostPieceRows / 2;

    /// <summary>Columns of one piece of work: with <see cref="PieceRows"/>, small enough that the threads finish together.</summary>
    public const int PieceColumns = 1024;

    /// <summary>Rows, and columns, packed at a time: 32 MiB of each, and at least one piece.</summary>
    public static int PackedExtent(int depth, int elementBytes)
    {
        long rows = (32L << 20) / Math.Max(1, (long)depth * elementBytes);
        return (int)Math.Clamp(rows / MostPieceRows * MostPieceRows, MostPieceRows, 1 << 20);
    }

    /// <summary>Panels, and features of them, that one piece of work packs: few long rows or many short ones, so that a few panels still occupy every thread.</summary>
    /// <param name="rowStride">Elements from row to row: where rows lie side by side, all panels of some features lie in a stretch of memory.</param>
    public static (int Panels, int Depth) PackingPiece(long rowStride) => rowStride == 1 ? (64, 128) : (1, 2048);

    /// <summary>Features that are packed of one panel before the next: with rows side by side, as many streams as prefetching follows.</summary>
    public static int PackingStep(long rowStride) => rowStride == 1 ? 32 : 2048;

    /// <summary>
    /// Features of one pass of a linear product: deeper products add pass to pass, so that packed copies stay bounded however
    /// deep the operands are. Reading and writing the result once more costs 2 transfers per 4096 multiply-adds.
    /// </summary>
    public const int PassDepth = 4096;

    /// <summary>Features of one chunk of a matrix-vector product: 64 KiB of float32, so that the vector stays in cache beside the rows.</summary>
    public const int VectorDepth = 16384;

    /// <summary>Multiply-adds between two reports of progress: a fraction of a second on a few cores.</summary>
    public const double BlockWork = 1L << 35;

    /// <summary>Multiply-adds below which a second thread costs more than it saves: about 10 microseconds of one core.</summary>
    public const double SerialBelow = 5e5;

    private static bool IsDeep(int depth, int elementBytes) => (long)depth * elementBytes > DepthBytes / 2;

    /// <summary>
    /// Whether results go around the caches: whole cache lines, of a result so large (16 MiB) that it would leave them before
    /// anybody reads it. Saves the read that an ordinary store of a line begins with.
    /// </summary>
    public static unsafe bool Streams<T>(in TiledProduct<T> product)
        where T : unmanaged =>
        (long)product.Rows * product.Columns * sizeof(T) >= 16 << 20
        && (nint)product.Result % Scratch.Alignment == 0
        && product.ResultStride * sizeof(T) % Scratch.Alignment == 0;
}
