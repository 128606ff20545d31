using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>A thread's part of the result: four rows by four columns of each strip. Strips have names, since an indexed array would lie in memory.</summary>
internal struct StripSums
{
    /// <summary>The first strip.</summary>
    public Fragment<Lane32> First;

    /// <summary>The second strip.</summary>
    public Fragment<Lane32> Second;

    /// <summary>The third strip.</summary>
    public Fragment<Lane32> Third;

    /// <summary>The fourth strip.</summary>
    public Fragment<Lane32> Fourth;

    /// <summary>The sums with the staged pairs times rows of the other side added.</summary>
    /// <inheritdoc cref="TileStage.AddStrip{TTile, TRaw, TStored}"/>
    public static StripSums Add<TTile, TStrips, TRaw, TStored>(StripSums sums, TileStage stage, ArrayView<TRaw> memory, SideRows side, int first, int column, int width)
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        sums.First = TileStage.AddStrip<TTile, TRaw, TStored>(sums.First, stage, memory, side, first, column, width);
        if (TStrips.Count > 1) sums.Second = TileStage.AddStrip<TTile, TRaw, TStored>(sums.Second, stage, memory, side, first, column + TTile.Columns, width);
        if (TStrips.Count > 2)
        {
            sums.Third = TileStage.AddStrip<TTile, TRaw, TStored>(sums.Third, stage, memory, side, first, column + (2 * TTile.Columns), width);
            sums.Fourth = TileStage.AddStrip<TTile, TRaw, TStored>(sums.Fourth, stage, memory, side, first, column + (3 * TTile.Columns), width);
        }

        return sums;
    }

    /// <summary>Every row times its factor.</summary>
    public static StripSums Scale<TStrips>(StripSums sums, Quad<Lane32> factors)
        where TStrips : struct, IStrips
    {
        sums.First = Scale(sums.First, factors);
        if (TStrips.Count > 1) sums.Second = Scale(sums.Second, factors);
        if (TStrips.Count > 2)
        {
            sums.Third = Scale(sums.Third, factors);
            sums.Fourth = Scale(sums.Fourth, factors);
        }

        return sums;
    }

    /// <summary>Writes what is there of the thread's part.</summary>
    /// <param name="sums">The part.</param>
    /// <param name="memory">Memory of the result.</param>
    /// <param name="side">The result's rows.</param>
    /// <param name="row">The thread's first row.</param>
    /// <param name="column">Its first column.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="offset">Elements by which the result is moved.</param>
    /// <returns>0 times everything that was written: NaN where something was not finite.</returns>
    public static Lane32 Store<TTile, TStrips>(StripSums sums, ArrayView<float> memory, SideRows side, int row, int column, int width, long offset)
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips
    {
        side.First += offset;
        Lane32 residue = Store(sums.First, memory, side, row, column, width);
        if (TStrips.Count > 1) residue += Store(sums.Second, memory, side, row, column + TTile.Columns, width);
        if (TStrips.Count > 2)
        {
            residue += Store(sums.Third, memory, side, row, column + (2 * TTile.Columns), width);
            residue += Store(sums.Fourth, memory, side, row, column + (3 * TTile.Columns), width);
        }

        return residue;
    }

    private static Fragment<Lane32> Scale(Fragment<Lane32> strip, Quad<Lane32> factors) => new()
    {
        Row0 = Scale(strip.Row0, factors.X),
        Row1 = Scale(strip.Row1, factors.Y),
        Row2 = Scale(strip.Row2, factors.Z),
        Row3 = Scale(strip.Row3, factors.W),
    };

    private static Quad<Lane32> Scale(Quad<Lane32> quad, Lane32 factor) => new() { X = quad.X * factor, Y = quad.Y * factor, Z = quad.Z * factor, W = quad.W * factor };

    private static Lane32 Store(Fragment<Lane32> strip, ArrayView<float> memory, SideRows side, int row, int column, int width) =>
        Store(strip.Row0, memory, side, row, column, width) + Store(strip.Row1, memory, side, row + 1, column, width)
        + Store(strip.Row2, memory, side, row + 2, column, width) + Store(strip.Row3, memory, side, row + 3, column, width);

    private static Lane32 Store(Quad<Lane32> quad, ArrayView<float> memory, SideRows side, int row, int column, int width)
    {
        int valid = row < side.Count ? width - column : 0;
        QuadAccess.Store<Lane32, float>(memory, side.At(row) + (column * side.Column), side.Column, valid, side.IsVector, quad);
        if (valid <= 0) return new(0);
        return (quad.X - quad.X) + (quad.Y - quad.Y) + (quad.Z - quad.Z) + (quad.W - quad.W);
    }
}
