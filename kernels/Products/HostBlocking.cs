using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Cache blocking of host products: the one place that decides it.</summary>
/// <remarks>
/// A register tile streams a panel of rows and a panel of columns of one depth block. At 1536 bytes of depth (384 float32,
/// 192 float64) the panel of columns takes 48 KiB at 512 bits, which passes from L2 once per register tile at a fraction of
/// what L2 delivers; a block of 192 rows takes 288 KiB and stays in an L2 of 512 KiB or more beside it.
/// </remarks>
internal static class HostBlocking
{
    /// <summary>Features of one depth block, for elements of <paramref name="elementBytes"/>.</summary>
    public static int Depth(int elementBytes) => 1536 / elementBytes;

    /// <summary>Rows of one piece of work: a multiple of 12 and of 6.</summary>
    public const int PieceRows = 192;

    /// <summary>
    /// Rows of one piece of a symmetric product: as many as take those bytes where a row is short, up to a page of a mirrored
    /// column, since every page that a piece begins to store costs a walk through the tables of virtual memory.
    /// </summary>
    public static int SymmetricPieceRows(int depth, int elementBytes) =>
        PieceRows * Math.Clamp(Depth(elementBytes) / Math.Max(1, depth), 1, 4096 / (PieceRows * elementBytes));

    /// <summary>
    /// Row panels whose mirror image is stored together: 48 rows at 512 bits, three cache lines of a mirrored column. Few, so
    /// that stores come between products and not in one burst that the core must wait for.
    /// </summary>
    public const int StripePanels = 4;

    /// <summary>Columns of one piece of work: with <see cref="PieceRows"/>, small enough that the threads finish together.</summary>
    public const int PieceColumns = 1024;

    /// <summary>Rows, and columns, packed at a time: 32 MiB of each, and at least one piece.</summary>
    public static int PackedExtent(int depth, int elementBytes)
    {
        long rows = (32L << 20) / Math.Max(1, (long)depth * elementBytes);
        return (int)Math.Clamp(rows / PieceRows * PieceRows, PieceRows, 1 << 20);
    }

    /// <summary>Features packed by one piece of work, so that a few long panels still occupy every thread.</summary>
    public const int PackingDepth = 2048;

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
