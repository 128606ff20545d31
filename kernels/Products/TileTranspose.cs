using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FusionKernels.Kernels.Simd;

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
        if (typeof(T) == typeof(float) && Avx512F.IsSupported && columns % 16 == 0)
        {
            for (; r + 16 <= rows; r += 16)
            {
                for (int c = 0; c < columns; c += 16) SixteenBySixteen((float*)tile + (r * columns) + c, columns, (float*)target + (c * stride) + r, stride);
            }
        }

        if (HasEights<T>() && columns % 4 == 0)
        {
            for (; r + 8 <= rows; r += 8)
            {
                for (int c = 0; c < columns; c += 4) EightByFour(tile + (r * columns) + c, columns, target + (c * stride) + r, stride);
            }
        }

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

    /// <summary>Whether <see cref="EightByFour{T}"/> runs on this machine: for float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasEights<T>()
        where T : unmanaged => typeof(T) == typeof(float) && Avx.IsSupported;

    /// <summary>Writes source(r, c) to target(c, r) for eight rows and four columns, of each row and the one four below it four elements side by side first; needs <see cref="HasEights{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightByFour<T>(T* source, long sourceStride, T* target, long targetStride)
        where T : unmanaged
    {
        float* rows = (float*)source, to = (float*)target;
        Vector256<float> r04 = RowsOf(rows, sourceStride), r15 = RowsOf(rows + sourceStride, sourceStride);
        Vector256<float> r26 = RowsOf(rows + (2 * sourceStride), sourceStride), r37 = RowsOf(rows + (3 * sourceStride), sourceStride);
        Vector256<double> low01 = Avx.UnpackLow(r04, r15).AsDouble(), low23 = Avx.UnpackLow(r26, r37).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(r04, r15).AsDouble(), high23 = Avx.UnpackHigh(r26, r37).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to + targetStride);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to + (2 * targetStride));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> RowsOf(float* source, long stride) => Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride)));

    /// <summary>Sixteen rows of sixteen as columns: quads of rows side by side first, then quads into columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SixteenBySixteen(float* source, long sourceStride, float* target, long stride)
    {
        QuadsOf(source, sourceStride, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        QuadsOf(source + (4 * sourceStride), sourceStride, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        QuadsOf(source + (8 * sourceStride), sourceStride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        QuadsOf(source + (12 * sourceStride), sourceStride, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        StoreQuads(a0, b0, c0, d0, target, stride);
        StoreQuads(a1, b1, c1, d1, target + stride, stride);
        StoreQuads(a2, b2, c2, d2, target + (2 * stride), stride);
        StoreQuads(a3, b3, c3, d3, target + (3 * stride), stride);
    }

    /// <summary>Of four rows, column 4 k + m in quarter k of the m-th vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuadsOf(float* source, long stride, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        Vector512<float> r0 = Vector512.Load(source), r1 = Vector512.Load(source + stride);
        Vector512<float> r2 = Vector512.Load(source + (2 * stride)), r3 = Vector512.Load(source + (3 * stride));
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble(), low23 = Avx512F.UnpackLow(r2, r3).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(r0, r1).AsDouble(), high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        q0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        q1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        q2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        q3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Quarter k of four vectors to column 4 k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreQuads(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, long stride)
    {
        // 0x44 and 0xEE take the lower and upper halves of both, 0x88 and 0xDD the even and odd quarters.
        Vector512<float> lowerAb = Avx512F.Shuffle4x128(a, b, 0x44), lowerCd = Avx512F.Shuffle4x128(c, d, 0x44);
        Vector512<float> upperAb = Avx512F.Shuffle4x128(a, b, 0xEE), upperCd = Avx512F.Shuffle4x128(c, d, 0xEE);
        Avx512F.Shuffle4x128(lowerAb, lowerCd, 0x88).StoreAligned(target);
        Avx512F.Shuffle4x128(lowerAb, lowerCd, 0xDD).StoreAligned(target + (4 * stride));
        Avx512F.Shuffle4x128(upperAb, upperCd, 0x88).StoreAligned(target + (8 * stride));
        Avx512F.Shuffle4x128(upperAb, upperCd, 0xDD).StoreAligned(target + (12 * stride));
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

    /// <summary>Writes (source(r, c) - centre(c)) * scale to target(c, r) for four rows and four columns; needs <see cref="IsFast{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CentredFourByFour<T>(T* source, long sourceStride, T* centre, T scale, T* target, long targetStride)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            float* rows = (float*)source;
            Vector128<float> shift = Vector128.Load((float*)centre), factor = Vector128.Create((float)(object)scale);
            Store(
                (Vector128.Load(rows) - shift) * factor,
                (Vector128.Load(rows + sourceStride) - shift) * factor,
                (Vector128.Load(rows + (2 * sourceStride)) - shift) * factor,
                (Vector128.Load(rows + (3 * sourceStride)) - shift) * factor,
                (float*)target,
                targetStride);
        }
        else
        {
            double* rows = (double*)source;
            Vector256<double> shift = Vector256.Load((double*)centre), factor = Vector256.Create((double)(object)scale);
            Store(
                (Vector256.Load(rows) - shift) * factor,
                (Vector256.Load(rows + sourceStride) - shift) * factor,
                (Vector256.Load(rows + (2 * sourceStride)) - shift) * factor,
                (Vector256.Load(rows + (3 * sourceStride)) - shift) * factor,
                (double*)target,
                targetStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, long sourceStride, float* target, long targetStride) => Store(
        Vector128.Load(source),
        Vector128.Load(source + sourceStride),
        Vector128.Load(source + (2 * sourceStride)),
        Vector128.Load(source + (3 * sourceStride)),
        target,
        targetStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(double* source, long sourceStride, double* target, long targetStride) => Store(
        Vector256.Load(source),
        Vector256.Load(source + sourceStride),
        Vector256.Load(source + (2 * sourceStride)),
        Vector256.Load(source + (3 * sourceStride)),
        target,
        targetStride);

    /// <summary>Four rows as columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3, float* target, long targetStride)
    {
        Vector128<float> low01 = Sse.UnpackLow(r0, r1), low23 = Sse.UnpackLow(r2, r3);
        Vector128<float> high01 = Sse.UnpackHigh(r0, r1), high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(target);
        Sse.MoveHighToLow(low23, low01).Store(target + targetStride);
        Sse.MoveLowToHigh(high01, high23).Store(target + (2 * targetStride));
        Sse.MoveHighToLow(high23, high01).Store(target + (3 * targetStride));
    }

    /// <summary>Four rows as columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<double> r0, Vector256<double> r1, Vector256<double> r2, Vector256<double> r3, double* target, long targetStride)
    {
        Vector256<double> even01 = Avx.UnpackLow(r0, r1), even23 = Avx.UnpackLow(r2, r3);
        Vector256<double> odd01 = Avx.UnpackHigh(r0, r1), odd23 = Avx.UnpackHigh(r2, r3);

        // 0x20 joins the low halves of two vectors, 0x31 the high halves.
        Avx.Permute2x128(even01, even23, 0x20).Store(target);
        Avx.Permute2x128(odd01, odd23, 0x20).Store(target + targetStride);
        Avx.Permute2x128(even01, even23, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(odd01, odd23, 0x31).Store(target + (3 * targetStride));
    }
}
