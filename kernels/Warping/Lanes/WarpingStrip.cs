using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>The micro-kernel of all pairs: a few rows of alignment tables, one pair in each lane, column by column in registers.</summary>
/// <remarks>
/// Two minima and a multiply-add follow one another from cell to cell, about 6 cycles: 4 rows x 2 vectors, each a chain of its
/// own, keep the units busy meanwhile. All is written out, since only locals stay in registers.
/// </remarks>
internal static unsafe class WarpingStrip<V, T, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <summary>Computes columns <see cref="StripArguments{T}.From"/> to <see cref="StripArguments{T}.To"/>.</summary>
    /// <typeparam name="TRows">One of <see cref="StripRows"/>.</typeparam>
    /// <typeparam name="TCell">How a cell is computed.</typeparam>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows, TCell>(StripArguments<T>* strip, TRule rule)
        where TRows : struct
        where TCell : struct, IStripCell<V, T, TRule>
    {
        int width = V.Count, pitch = 2 * width;
        T* x = strip->X, state = strip->State;
        V x0 = V.Broadcast(x[0]), x1 = default, x2 = default, x3 = default;
        V cornerA = V.Load(state), cornerB = V.Load(state + width);
        V a0 = V.Load(state + pitch), a1 = default, a2 = default, a3 = default;
        V b0 = V.Load(state + pitch + width), b1 = default, b2 = default, b3 = default;
        if (typeof(TRows) != typeof(StripRows.One))
        {
            x1 = V.Broadcast(x[1]);
            a1 = V.Load(state + (2 * pitch));
            b1 = V.Load(state + (2 * pitch) + width);
        }

        if (typeof(TRows) == typeof(StripRows.Four))
        {
            x2 = V.Broadcast(x[2]);
            x3 = V.Broadcast(x[3]);
            a2 = V.Load(state + (3 * pitch));
            b2 = V.Load(state + (3 * pitch) + width);
            a3 = V.Load(state + (4 * pitch));
            b3 = V.Load(state + (4 * pitch) + width);
        }

        nint sample = (nint)strip->Channels * pitch;
        T* y = strip->Y + (strip->From * sample), border = strip->Border + ((nint)strip->From * pitch);
        int to = strip->To;
        for (int j = strip->From; j < to; j++)
        {
            V yA = V.Load(y), yB = V.Load(y + width);
            V diagonalA = cornerA, diagonalB = cornerB, leftA = a0, leftB = b0;
            cornerA = V.Load(border);
            cornerB = V.Load(border + width);
            a0 = TCell.Compute(strip, rule, 0, 0, j, x0, yA, y + pitch, diagonalA, cornerA, leftA);
            b0 = TCell.Compute(strip, rule, 0, 1, j, x0, yB, y + pitch, diagonalB, cornerB, leftB);
            V lastA = a0, lastB = b0;
            if (typeof(TRows) != typeof(StripRows.One))
            {
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a1;
                leftB = b1;
                lastA = a1 = TCell.Compute(strip, rule, 1, 0, j, x1, yA, y + pitch, diagonalA, a0, leftA);
                lastB = b1 = TCell.Compute(strip, rule, 1, 1, j, x1, yB, y + pitch, diagonalB, b0, leftB);
            }

            if (typeof(TRows) == typeof(StripRows.Four))
            {
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a2;
                leftB = b2;
                a2 = TCell.Compute(strip, rule, 2, 0, j, x2, yA, y + pitch, diagonalA, a1, leftA);
                b2 = TCell.Compute(strip, rule, 2, 1, j, x2, yB, y + pitch, diagonalB, b1, leftB);
                lastA = a3 = TCell.Compute(strip, rule, 3, 0, j, x3, yA, y + pitch, leftA, a2, a3);
                lastB = b3 = TCell.Compute(strip, rule, 3, 1, j, x3, yB, y + pitch, leftB, b2, b3);
            }

            V.Store(lastA, border);
            V.Store(lastB, border + width);
            border += pitch;
            y += sample;
        }

        V.Store(cornerA, state);
        V.Store(cornerB, state + width);
        V.Store(a0, state + pitch);
        V.Store(b0, state + pitch + width);
        if (typeof(TRows) != typeof(StripRows.One))
        {
            V.Store(a1, state + (2 * pitch));
            V.Store(b1, state + (2 * pitch) + width);
        }

        if (typeof(TRows) != typeof(StripRows.Four)) return;
        V.Store(a2, state + (3 * pitch));
        V.Store(b2, state + (3 * pitch) + width);
        V.Store(a3, state + (4 * pitch));
        V.Store(b3, state + (4 * pitch) + width);
    }
}
