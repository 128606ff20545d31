using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Blocks of a dense keep mask.</summary>
internal static unsafe class KeepMask
{
    /// <summary>Whether a block keeps all pairs, none, or some.</summary>
    public static BlockKind KindOf(bool* first, long rowStride, long columnStride, int rows, int columns)
    {
        bool any = false, all = true;
        for (int r = 0; r < (rowStride == 0 ? 1 : rows); r++)
        {
            byte* row = (byte*)first + (r * rowStride);
            if (columnStride == 1)
            {
                ReadOnlySpan<byte> keep = new(row, columns);
                all &= !keep.Contains((byte)0);
                any |= keep.ContainsAnyExcept((byte)0);
            }
            else
            {
                for (int c = 0; c < columns; c++)
                {
                    bool isKept = row[c * columnStride] != 0;
                    all &= isKept;
                    any |= isKept;
                }
            }

            if (any && !all) return BlockKind.Partial;
        }

        return all ? BlockKind.Full : BlockKind.Empty;
    }

    /// <summary>Packs a block as numbers, 1 for kept and 0 for masked and for lanes beyond the last.</summary>
    /// <param name="first">The first lane of the first row.</param>
    /// <param name="laneStride">Bytes from lane to lane.</param>
    /// <param name="rowStride">Bytes from row to row.</param>
    /// <param name="lanes">Lanes present.</param>
    /// <param name="rows">Rows, at most 128.</param>
    /// <param name="width">Lanes of the block.</param>
    /// <param name="spare">Room for eight times 128 elements.</param>
    /// <param name="packed">Room for rows x width elements.</param>
    public static void Pack<T>(bool* first, long laneStride, long rowStride, int lanes, int rows, int width, T* spare, T* packed)
        where T : unmanaged
    {
        if (rowStride == 1 && laneStride != 1 && TileTranspose.IsFast<T>()) PackTurned((byte*)first, laneStride, lanes, rows, width, spare, packed);
        else PackPlainly((byte*)first, laneStride, rowStride, lanes, rows, width, packed);
    }

    /// <summary>Rows are consecutive: eight lanes at a time, or four, are widened and turned in registers.</summary>
    private static void PackTurned<T>(byte* first, long laneStride, int lanes, int rows, int width, T* spare, T* packed)
        where T : unmanaged
    {
        for (int lane = 0, step; lane < width; lane += step)
        {
            step = TileTranspose.HasEights<T>() && lane + 8 <= lanes ? 8 : Math.Min(4, width - lane);
            int present = Math.Clamp(lanes - lane, 0, step), done = 0;
            for (int i = 0; i < present; i++) Widen(first + ((lane + i) * laneStride), rows, spare + (i * rows));
            if (present == 8)
            {
                for (; done + 4 <= rows; done += 4) TileTranspose.EightByFour(spare + done, rows, packed + (done * width) + lane, width);
            }
            else if (present == 4)
            {
                for (; done + 4 <= rows; done += 4) TileTranspose.FourByFour(spare + done, rows, packed + (done * width) + lane, width);
            }

            for (int i = 0; i < step; i++)
            {
                for (int r = done; r < rows; r++) packed[(r * width) + lane + i] = i < present ? spare[(i * rows) + r] : default;
            }
        }
    }

    private static void PackPlainly<T>(byte* first, long laneStride, long rowStride, int lanes, int rows, int width, T* packed)
        where T : unmanaged
    {
        T one = Element.Of<T>(1);
        for (int r = 0; r < rows; r++, first += rowStride, packed += width)
        {
            if (laneStride == 1) Widen(first, lanes, packed);
            else for (int lane = 0; lane < lanes; lane++) packed[lane] = first[lane * laneStride] != 0 ? one : default;
            for (int lane = lanes; lane < width; lane++) packed[lane] = default;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(byte* from, int count, T* to)
        where T : unmanaged
    {
        int i = 0;
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
        {
            for (; i + 8 <= count; i += 8) Vector256.ConvertToSingle(Vector256.Min(Avx2.ConvertToVector256Int32(from + i), Vector256<int>.One)).Store((float*)to + i);
        }
        else if (typeof(T) == typeof(float))
        {
            for (; i + 16 <= count; i += 16)
            {
                Vector128<byte> ones = Vector128.Min(Vector128.Load(from + i), Vector128.Create((byte)1));
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(ones);
                Store(low, (float*)to + i);
                Store(high, (float*)to + i + 8);
            }
        }

        for (; i < count; i++) to[i] = Element.Of<T>(from[i] != 0 ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<ushort> values, float* to)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        Vector128.ConvertToSingle(low.AsInt32()).Store(to);
        Vector128.ConvertToSingle(high.AsInt32()).Store(to + 4);
    }
}
