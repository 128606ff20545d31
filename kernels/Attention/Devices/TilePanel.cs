using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>What one thread moves of a block of rows in a step of a product over features: quads of a row each, under way to shared memory.</summary>
internal struct TilePanel
{
    /// <summary>The thread's first row's first element.</summary>
    public long First;

    /// <summary>Elements to its next row.</summary>
    public long Next;

    /// <summary>Elements from one feature to the next.</summary>
    public long Column;

    /// <summary>Rows that are there from the thread's first one on.</summary>
    public int Left;

    /// <summary>1 where quads are aligned, else 0.</summary>
    public int IsVector;

    /// <summary>A block of so many rows from one on. Of more than one quad of a thread only where no heads share a position.</summary>
    /// <param name="side">The rows.</param>
    /// <param name="first">The block's first row.</param>
    /// <param name="end">Where the rows end that are asked for.</param>
    public static TilePanel Open<TTile>(SideRows side, int first, int end)
        where TTile : struct, IAttentionTile
    {
        int row = first + (Group.IdxX / (TTile.Depth / 4));
        return new()
        {
            First = side.At(row),
            Next = Spacing<TTile>() * side.Row,
            Column = side.Column,
            Left = Math.Min(end, side.Count) - row,
            IsVector = side.IsVector,
        };
    }

    /// <summary>Starts the loads of the quads of a step; what is not there is zero.</summary>
    /// <param name="panel">The block.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="feature">The step's first feature.</param>
    /// <param name="width">Features.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="quads">Quads of a thread.</param>
    public static Fragment<Lane32> Fetch<TTile, TRaw, TStored>(TilePanel panel, ArrayView<TRaw> memory, int feature, int width, int rows, int quads)
        where TTile : struct, IAttentionTile
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        int own = feature + ((Group.IdxX & ((TTile.Depth / 4) - 1)) * 4);
        int valid = Group.IdxX / (TTile.Depth / 4) < rows ? width - own : 0;
        long at = panel.First + (own * panel.Column);
        Fragment<Lane32> fragment = default;
        fragment.Row0 = TStored.Load(memory, at, panel.Column, panel.Left > 0 ? valid : 0, panel.IsVector);
        if (quads > 1)
        {
            fragment.Row1 = TStored.Load(memory, at + panel.Next, panel.Column, panel.Left > Spacing<TTile>() ? valid : 0, panel.IsVector);
            fragment.Row2 = TStored.Load(memory, at + (2 * panel.Next), panel.Column, panel.Left > 2 * Spacing<TTile>() ? valid : 0, panel.IsVector);
            fragment.Row3 = TStored.Load(memory, at + (3 * panel.Next), panel.Column, panel.Left > 3 * Spacing<TTile>() ? valid : 0, panel.IsVector);
        }

        return fragment;
    }

    /// <summary>Puts the quads under way in their places: features one after the other, rows side by side.</summary>
    /// <param name="fragment">The quads.</param>
    /// <param name="stages">Both stages.</param>
    /// <param name="stage">The stage's first quad.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="quads">Quads of a thread.</param>
    public static void Store<TTile>(Fragment<Lane32> fragment, ArrayView<Quad<Lane32>> stages, int stage, int rows, int quads)
        where TTile : struct, IAttentionTile
    {
        int row = Group.IdxX / (TTile.Depth / 4), pitch = TileStage.Pitch(rows) * 4;
        if (row >= rows) return;
        ArrayView<Lane32> lanes = stages.Cast<Lane32>();
        int place = (stage * 4) + ((Group.IdxX & ((TTile.Depth / 4) - 1)) * 4 * pitch) + row;
        Put(lanes, place, pitch, fragment.Row0);
        if (quads > 1)
        {
            Put(lanes, place + Spacing<TTile>(), pitch, fragment.Row1);
            Put(lanes, place + (2 * Spacing<TTile>()), pitch, fragment.Row2);
            Put(lanes, place + (3 * Spacing<TTile>()), pitch, fragment.Row3);
        }
    }

    private static void Put(ArrayView<Lane32> lanes, int place, int pitch, Quad<Lane32> quad)
    {
        lanes[place] = quad.X;
        lanes[place + pitch] = quad.Y;
        lanes[place + (2 * pitch)] = quad.Z;
        lanes[place + (3 * pitch)] = quad.W;
    }

    /// <summary>Rows from one quad of a thread to its next.</summary>
    private static int Spacing<TTile>()
        where TTile : struct, IAttentionTile => TileStage.Threads<TTile>() / (TTile.Depth / 4);
}
