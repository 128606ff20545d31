using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Products;

/// <summary>Turns blocks of elements in registers: rows into packed panels, finished tiles into the mirrored half of a result.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Whether <see cref="FourByFour{T}"/> runs in registers on this machine.</summary>
    public static bool IsFast<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? Sse.IsSupported : Avx.IsSupported;

    /// <summary>Writes tile(r, c) to target[c * stride + r].</summary>
    /// <param name="tile">Rows x columns, row-major.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    /// <param name="target">Where column 0 goes.</param>
    /// <param name="stride">Elements from one column to the next.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Scatter<T>(T* tile, int rows, int columns, T* target, int stride)
        where T : unmanaged
    {
        int r = 0;
        if (IsFast<T>() && columns % 4 == 0)
        {
            for (; r + 4 <= rows; r += 4)
            {
                for (int c = 0; c < columns; c += 4) FourByFour(tile + (r * columns) + c, columns, target + (c * stride) + r, stride);
            }
        }

        for (; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) target[(c * stride) + r] = tile[(r * columns) + c];
        }
    }

    /// <summary>Writes source(r, c) to target(c, r) for a block of any size, sixteen columns at a time, so that lines of both sides are met while they are in L1.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="sourceStride">Elements from row to row of it.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">Where the first element goes.</param>
    /// <param name="targetStride">Elements from row to row of the target.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(T* source, long sourceStride, int rows, int columns, T* target, long targetStride)
        where T : unmanaged
    {
        int wholeRows = IsFast<T>() ? rows & -4 : 0, wholeColumns = IsFast<T>() ? columns & -4 : 0;
        for (int first = 0; first < wholeColumns; first += 16)
        {
            int last = Math.Min(wholeColumns, first + 16);
            for (int r = 0; r < wholeRows; r += 4)
            {
                for (int c = first; c < last; c += 4) FourByFour(source + (r * sourceStride) + c, sourceStride, target + (c * targetStride) + r, targetStride);
            }
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++) target[(c * targetStride) + r] = source[(r * sourceStride) + c];
        }
    }

    /// <summary>Writes source(r, c) to target(c, r) for four rows and four columns; needs <see cref="IsFast{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourByFour<T>(T* source, long sourceStride, T* target, long targetStride)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) FourByFour((float*)source, sourceStride, (float*)target, targetStride);
        else FourByFour((double*)source, sourceStride, (double*)target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, long sourceStride, float* target, long targetStride)
    {
        Vector128<float> r0 = Vector128.Load(source), r1 = Vector128.Load(source + sourceStride);
        Vector128<float> r2 = Vector128.Load(source + (2 * sourceStride)), r3 = Vector128.Load(source + (3 * sourceStride));
        Vector128<float> low01 = Sse.UnpackLow(r0, r1), low23 = Sse.UnpackLow(r2, r3);
        Vector128<float> high01 = Sse.UnpackHigh(r0, r1), high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(target);
        Sse.MoveHighToLow(low23, low01).Store(target + targetStride);
        Sse.MoveLowToHigh(high01, high23).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(high23, high01).Store(target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(double* source, long sourceStride, double* target, long targetStride)
    {
        Vector256<double> r0 = Vector256.Load(source), r1 = Vector256.Load(source + sourceStride);
        Vector256<double> r2 = Vector256.Load(source + (2 * sourceStride)), r3 = Vector256.Load(source + (3 * sourceStride));
        Vector256<double> even01 = Avx.UnpackLow(r0, r1), even23 = Avx.UnpackLow(r2, r3);
        Vector256<double> odd01 = Avx.UnpackHigh(r0, r1), odd23 = Avx.UnpackHigh(r2, r3);

        // 0x20 joins the low halves of two vectors, 0x31 the high halves.
        Avx.Permute2x128(even01, even23, 0x20).Store(target);
        Avx.Permute2x128(odd01, odd23, 0x20).Store(target + targetStride);
        Avx.Permute2x128(even01, even23, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(odd01, odd23, 0x31).Store(target + (3 * targetStride));
    }
}
