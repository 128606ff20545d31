namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The sizes of a kernel's form, as plans reckon with them.</summary>
/// <param name="Rows">Rows of the side that a group owns.</param>
/// <param name="Columns">Rows of the other side in a block, and columns of a strip.</param>
/// <param name="Strips">Strips of a group.</param>
internal readonly record struct TileForm(int Rows, int Columns, int Strips)
{
    /// <summary>Threads of a group.</summary>
    public int Threads => Rows * Columns / 16;

    /// <summary>Columns of a group.</summary>
    public int Width => Columns * Strips;

    /// <summary>The sizes of a tile and a number of strips.</summary>
    public static TileForm Of<TTile, TStrips>()
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips => new(TTile.Rows, TTile.Columns, TStrips.Count);

    /// <summary>Groups that share the columns of a result.</summary>
    public int StripsOf(int width) => (width + Width - 1) / Width;

    /// <summary>Blocks of so many rows.</summary>
    public int BlocksOf(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>E.g. <c>64 x 64</c>.</summary>
    public override string ToString() => $"{Rows} x {Columns}";
}
