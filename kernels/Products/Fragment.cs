using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>4 x 4 elements in the registers of a device thread, row by row.</summary>
/// <remarks>
/// Device compilers keep an array that is indexed by a variable in memory, so registers have names, and values are handed
/// over whole rather than by reference.
/// </remarks>
internal struct Fragment<V>
    where V : unmanaged
{
    /// <summary>The first row.</summary>
    public Quad<V> Row0;

    /// <summary>The second row.</summary>
    public Quad<V> Row1;

    /// <summary>The third row.</summary>
    public Quad<V> Row2;

    /// <summary>The fourth row.</summary>
    public Quad<V> Row3;

    /// <summary>Rows and columns exchanged.</summary>
    public static Fragment<V> Transpose(Fragment<V> source) => new()
    {
        Row0 = new() { X = source.Row0.X, Y = source.Row1.X, Z = source.Row2.X, W = source.Row3.X },
        Row1 = new() { X = source.Row0.Y, Y = source.Row1.Y, Z = source.Row2.Y, W = source.Row3.Y },
        Row2 = new() { X = source.Row0.Z, Y = source.Row1.Z, Z = source.Row2.Z, W = source.Row3.Z },
        Row3 = new() { X = source.Row0.W, Y = source.Row1.W, Z = source.Row2.W, W = source.Row3.W },
    };

    /// <summary>The elements on and above the diagonal, mirrored.</summary>
    public static Fragment<V> Mirror(Fragment<V> upper)
    {
        Fragment<V> lower = Transpose(upper);
        return new()
        {
            Row0 = upper.Row0,
            Row1 = new() { X = lower.Row1.X, Y = upper.Row1.Y, Z = upper.Row1.Z, W = upper.Row1.W },
            Row2 = new() { X = lower.Row2.X, Y = lower.Row2.Y, Z = upper.Row2.Z, W = upper.Row2.W },
            Row3 = new() { X = lower.Row3.X, Y = lower.Row3.Y, Z = lower.Row3.Z, W = upper.Row3.W },
        };
    }
}
