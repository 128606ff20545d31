using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// How the threads of a tile bring an operand into shared memory: each a quad per step, of four features of a row or of one
/// feature of four rows, as the layout prefers. Fetching starts the loads; staging, a step later, waits for them.
/// </summary>
internal static class TileStaging
{
    /// <summary>Quads from one staged feature to the next: a stage holds features one after the other, rows side by side.</summary>
    public static int Pitch<TTile>()
        where TTile : struct, ITileSize => (TTile.Edge / 4) + 1;

    /// <summary>Quads of one stage.</summary>
    public static int Quads<TTile>()
        where TTile : struct, ITileSize => TTile.Depth * Pitch<TTile>();

    /// <summary>This thread's place before the first step.</summary>
    /// <param name="matrix">The operand's layout.</param>
    /// <param name="batch">The matrix of the batch.</param>
    /// <param name="firstRow">The tile's first row in the operand.</param>
    /// <param name="rows">Rows of the operand.</param>
    /// <param name="depth">Features.</param>
    public static TileOperand<V> Open<V, TTile>(DeviceLayout matrix, long batch, int firstRow, int rows, int depth)
        where V : unmanaged
        where TTile : struct, ITileSize
    {
        bool alongRows = matrix.AlongRows != 0;
        int row = alongRows ? (Group.IdxX & ((TTile.Edge / 4) - 1)) * 4 : Group.IdxX / (TTile.Depth / 4);
        int feature = alongRows ? Group.IdxX / (TTile.Edge / 4) : (Group.IdxX & ((TTile.Depth / 4) - 1)) * 4;
        TileOperand<V> operand = default;
        operand.Next = matrix.Offset + (batch * matrix.BatchStride) + ((firstRow + row) * matrix.RowStride) + (feature * matrix.ColumnStride);
        operand.RowsLeft = rows - firstRow - row;
        operand.FeaturesLeft = depth - feature;
        operand.Place = (feature * Pitch<TTile>() * 4) + row;
        return operand;
    }

    /// <summary>Starts the loads of the next quad; past the end it is zero.</summary>
    public static TileOperand<V> Fetch<V, T, TTile>(
        TileOperand<V> operand, ArrayView<T> memory, ArrayView<T> centre, DeviceLayout matrix, TiledProductShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTile : struct, ITileSize
    {
        bool alongRows = matrix.AlongRows != 0;
        int valid = alongRows
            ? operand.FeaturesLeft > 0 ? operand.RowsLeft : 0
            : operand.RowsLeft > 0 ? operand.FeaturesLeft : 0;
        operand.Values = QuadAccess.Load<V, T>(
            memory, operand.Next, alongRows ? matrix.RowStride : matrix.ColumnStride, valid, matrix.IsVector);
        if (shape.IsCentred != 0)
        {
            operand.Centre = QuadAccess.Load<V, T>(centre, shape.Depth - operand.FeaturesLeft, alongRows ? 0 : 1, valid, isVector: 0);
        }

        operand.Next += TTile.Depth * matrix.ColumnStride;
        operand.FeaturesLeft -= TTile.Depth;
        return operand;
    }

    /// <summary>Puts the quad under way in its place.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="stages">Both stages.</param>
    /// <param name="stage">The stage's first quad.</param>
    /// <param name="alongRows">Whether the quad is of four rows.</param>
    /// <param name="isCentred">1 where the centre is subtracted, else 0.</param>
    /// <param name="scale">Factor of the centred elements.</param>
    public static void Stage<V, T, TTile>(
        TileOperand<V> operand, ArrayView<Quad<V>> stages, int stage, bool alongRows, int isCentred, T scale)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTile : struct, ITileSize
    {
        Quad<V> quad = isCentred != 0 ? Centred(operand.Values, operand.Centre, V.Broadcast(scale)) : operand.Values;
        if (alongRows)
        {
            stages[stage + (operand.Place >> 2)] = quad;
            return;
        }

        ArrayView<V> lanes = stages.Cast<V>();
        int place = (stage * 4) + operand.Place;
        lanes[place] = quad.X;
        lanes[place + (4 * Pitch<TTile>())] = quad.Y;
        lanes[place + (8 * Pitch<TTile>())] = quad.Z;
        lanes[place + (12 * Pitch<TTile>())] = quad.W;

        static Quad<V> Centred(Quad<V> values, Quad<V> centre, V scale) => new()
        {
            X = (values.X - centre.X) * scale,
            Y = (values.Y - centre.Y) * scale,
            Z = (values.Z - centre.Z) * scale,
            W = (values.W - centre.W) * scale,
        };
    }
}
