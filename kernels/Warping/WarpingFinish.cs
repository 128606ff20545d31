using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>What becomes of the end value of an alignment table.</summary>
internal enum WarpingFinish
{
    /// <summary>It is the result.</summary>
    None,

    /// <summary>Its square root.</summary>
    Root,

    /// <summary>1 + value / the shorter length: minus a count of matches becomes a distance.</summary>
    OneMinusPerShorter,

    /// <summary>value / the longer length.</summary>
    PerLonger,
}

/// <summary>The end value's last step, on every engine.</summary>
internal static class WarpingFinishing
{
    /// <summary>The result of an end value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(WarpingFinish finish, V value, int rows, int columns)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => Apply<V, T>(finish, value, V.Constant(rows), V.Constant(columns));

    /// <summary>The result of an end value, of lengths that are elements already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(WarpingFinish finish, V value, V rows, V columns)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        if (finish == WarpingFinish.Root) return V.Sqrt(value);
        if (finish == WarpingFinish.OneMinusPerShorter) return V.Constant(1) + (value / V.Min(rows, columns));
        if (finish == WarpingFinish.PerLonger) return value / V.Max(rows, columns);
        return value;
    }
}
