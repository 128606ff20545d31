using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// How one thread of a tile brings its part of an operand into shared memory: a quad per step, of four features of a row or of
/// a feature of four rows, as the layout prefers. Fetching starts the loads; staging, a step later, waits for them.
/// </summary>
internal struct TileOperand<V>
    where V : unmanaged
{
    /// <summary>The element that is fetched next.</summary>
    public long Next;

    /// <summary>Rows from this thread's on.</summary>
    public int RowsLeft;

    /// <summary>Features from the next one on.</summary>
    public int FeaturesLeft;

    /// <summary>This thread's place in a stage, in elements.</summary>
    public int Place;

    /// <summary>The quad under way; zero outside the operand.</summary>
    public Quad<V> Values;

    /// <summary>The centre of the quad under way; zero outside the operand.</summary>
    public Quad<V> Centre;

    /// <summary>The thread's place before the first step.</summary>
    /// <param name="matrix">The operand's layout.</param>
    /// <param name="batch">The matrix of the batch.</param>
    /// <param name="firstRow">The tile's first row in the operand.</param>
    /// <param name="rows">Rows of the operand.</param>
    /// <param name="depth">Features.</param>
    public static TileOperand<V> Open<TTile>(DeviceMatrix matrix, long batch, int firstRow, int rows, int depth)
        where TTile : struct, ITileSize
    {
        bool alongRows = matrix.AlongRows != 0;
        int row = alongRows ? (Group.IdxX & ((TTile.Edge / 4) - 1)) * 4 : Group.IdxX / (TTile.Depth / 4);
        int feature = alongRows ? Group.IdxX / (TTile.Edge / 4) : (Group.IdxX & ((TTile.Depth / 4) - 1)) * 4;
        return new()
        {
            Next = matrix.Offset + (batch * matrix.BatchStride) + ((firstRow + row) * matrix.RowStride) + (feature * matrix.ColumnStride),
            RowsLeft = rows - firstRow - row,
            FeaturesLeft = depth - feature,
            Place = (feature * TileStage.Pitch<TTile>() * 4) + row,
        };
    }

    /// <summary>Starts the loads of the next quad.</summary>
    public static TileOperand<V> Fetch<T, TLane, TTile>(
        TileOperand<V> operand, ArrayView<T> memory, ArrayView<T> centre, DeviceMatrix matrix, TiledProductShape shape)
        where T : unmanaged
        where TTile : struct, ITileSize => operand;
}
