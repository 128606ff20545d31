using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Products;

/// <summary>Turns finished tiles, for the mirrored half of symmetric results.</summary>
internal static unsafe class TileTranspose
{
    /// <summary>Writes tile(r, c) to columns[c * stride + r].</summary>
    /// <param name="tile">Rows x columns, row-major.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    /// <param name="target">Where column 0 goes.</param>
    /// <param name="stride">Elements from one column to the next.</param>
    public static void Scatter<T>(T* tile, int rows, int columns, T* target, int stride)
        where T : unmanaged
    {
        int r = 0;
        if (typeof(T) == typeof(float) && Sse.IsSupported && columns % 4 == 0)
        {
            for (; r + 4 <= rows; r += 4)
            {
                for (int c = 0; c < columns; c += 4)
                {
                    FourByFour((float*)tile + (r * columns) + c, columns, (float*)target + (c * stride) + r, stride);
                }
            }
        }

        for (; r < rows; r++)
        {
            for (int c = 0; c < columns; c++) target[(c * stride) + r] = tile[(r * columns) + c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, int sourceStride, float* target, int targetStride)
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
}
