using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// What one thread of a tile owns: a fragment in each quarter of the tile, so that neighbouring threads touch neighbouring
/// quads; of a tile that is not wide, the upper left fragment alone.
/// </summary>
internal struct RegisterTile<V>
    where V : unmanaged
{
    /// <summary>Rows of the upper half, columns of the left half.</summary>
    public Fragment<V> UpperLeft;

    /// <summary>Rows of the upper half, columns of the right half.</summary>
    public Fragment<V> UpperRight;

    /// <summary>Rows of the lower half, columns of the left half.</summary>
    public Fragment<V> LowerLeft;

    /// <summary>Rows of the lower half, columns of the right half.</summary>
    public Fragment<V> LowerRight;

    /// <summary>A fragment by number: 0 and 1 are upper, 0 and 2 are left.</summary>
    public static Fragment<V> Pick(RegisterTile<V> tile, int part) => part switch
    {
        0 => tile.UpperLeft,
        1 => tile.UpperRight,
        2 => tile.LowerLeft,
        _ => tile.LowerRight,
    };

    /// <summary>The tile with one of its elements, counted fragment by fragment and row by row, replaced.</summary>
    public static RegisterTile<V> Replace(RegisterTile<V> tile, int element, V value) => new()
    {
        UpperLeft = Replace(tile.UpperLeft, element, value),
        UpperRight = Replace(tile.UpperRight, element - 16, value),
        LowerLeft = Replace(tile.LowerLeft, element - 32, value),
        LowerRight = Replace(tile.LowerRight, element - 48, value),
    };

    private static Fragment<V> Replace(Fragment<V> fragment, int element, V value) => new()
    {
        Row0 = Replace(fragment.Row0, element, value),
        Row1 = Replace(fragment.Row1, element - 4, value),
        Row2 = Replace(fragment.Row2, element - 8, value),
        Row3 = Replace(fragment.Row3, element - 12, value),
    };

    private static Quad<V> Replace(Quad<V> quad, int element, V value) => new()
    {
        X = element == 0 ? value : quad.X,
        Y = element == 1 ? value : quad.Y,
        Z = element == 2 ? value : quad.Z,
        W = element == 3 ? value : quad.W,
    };
}
