using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>The micro-kernel of all pairs: a few rows of alignment tables, one pair in each lane, column by column in registers.</summary>
/// <remarks>
/// Two minima and a multiply-add follow one another from cell to cell, about 8 cycles, in which four units could do 8 cells: rows
/// x 2 vectors are chains of their own that keep them busy. All is written out, since only locals stay in registers.
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
        V x0 = V.Broadcast(x[0]), x1 = default, x2 = default, x3 = default, x4 = default, x5 = default;
        V cornerA = V.Load(state), cornerB = V.Load(state + width);
        V a0 = V.Load(state + pitch), a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        V b0 = V.Load(state + pitch + width), b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        if (typeof(TRows) != typeof(StripRows.One))
        {
            x1 = V.Broadcast(x[1]);
            a1 = V.Load(state + (2 * pitch));
            b1 = V.Load(state + (2 * pitch) + width);
        }

        if (typeof(TRows) == typeof(StripRows.Four) || typeof(TRows) == typeof(StripRows.Six))
        {
            x2 = V.Broadcast(x[2]);
            x3 = V.Broadcast(x[3]);
            a2 = V.Load(state + (3 * pitch));
            b2 = V.Load(state + (3 * pitch) + width);
            a3 = V.Load(state + (4 * pitch));
            b3 = V.Load(state + (4 * pitch) + width);
        }

        if (typeof(TRows) == typeof(StripRows.Six))
        {
            x4 = V.Broadcast(x[4]);
            x5 = V.Broadcast(x[5]);
            a4 = V.Load(state + (5 * pitch));
            b4 = V.Load(state + (5 * pitch) + width);
            a5 = V.Load(state + (6 * pitch));
            b5 = V.Load(state + (6 * pitch) + width);
        }

        nint sample = (nint)strip->Channels * pitch;
        T* y = strip->Y + (strip->From * sample), border = strip->Border + ((nint)strip->From * pitch);
        int to = strip->To;
        for (int j = strip->From; j < to; j++)
        {
            V yA = V.Load(y), yB = V.Load(y + width), secondA = default, secondB = default, thirdA = default, thirdB = default;
            if (TCell.Channels == 3)
            {
                secondA = V.Load(y + pitch);
                secondB = V.Load(y + pitch + width);
                thirdA = V.Load(y + (2 * pitch));
                thirdB = V.Load(y + (2 * pitch) + width);
            }

            V diagonalA = cornerA, diagonalB = cornerB, leftA = a0, leftB = b0;
            cornerA = V.Load(border);
            cornerB = V.Load(border + width);
            V lastA = a0 = TCell.Compute(strip, rule, 0, 0, j, x0, yA, x, secondA, thirdA, diagonalA, cornerA, leftA);
            V lastB = b0 = TCell.Compute(strip, rule, 0, 1, j, x0, yB, x, secondB, thirdB, diagonalB, cornerB, leftB);
            if (typeof(TRows) != typeof(StripRows.One))
            {
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a1;
                leftB = b1;
                lastA = a1 = TCell.Compute(strip, rule, 1, 0, j, x1, yA, x + 1, secondA, thirdA, diagonalA, lastA, leftA);
                lastB = b1 = TCell.Compute(strip, rule, 1, 1, j, x1, yB, x + 1, secondB, thirdB, diagonalB, lastB, leftB);
            }

            if (typeof(TRows) == typeof(StripRows.Four) || typeof(TRows) == typeof(StripRows.Six))
            {
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a2;
                leftB = b2;
                lastA = a2 = TCell.Compute(strip, rule, 2, 0, j, x2, yA, x + 2, secondA, thirdA, diagonalA, lastA, leftA);
                lastB = b2 = TCell.Compute(strip, rule, 2, 1, j, x2, yB, x + 2, secondB, thirdB, diagonalB, lastB, leftB);
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a3;
                leftB = b3;
                lastA = a3 = TCell.Compute(strip, rule, 3, 0, j, x3, yA, x + 3, secondA, thirdA, diagonalA, lastA, leftA);
                lastB = b3 = TCell.Compute(strip, rule, 3, 1, j, x3, yB, x + 3, secondB, thirdB, diagonalB, lastB, leftB);
            }

            if (typeof(TRows) == typeof(StripRows.Six))
            {
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a4;
                leftB = b4;
                lastA = a4 = TCell.Compute(strip, rule, 4, 0, j, x4, yA, x + 4, secondA, thirdA, diagonalA, lastA, leftA);
                lastB = b4 = TCell.Compute(strip, rule, 4, 1, j, x4, yB, x + 4, secondB, thirdB, diagonalB, lastB, leftB);
                diagonalA = leftA;
                diagonalB = leftB;
                leftA = a5;
                leftB = b5;
                lastA = a5 = TCell.Compute(strip, rule, 5, 0, j, x5, yA, x + 5, secondA, thirdA, diagonalA, lastA, leftA);
                lastB = b5 = TCell.Compute(strip, rule, 5, 1, j, x5, yB, x + 5, secondB, thirdB, diagonalB, lastB, leftB);
            }

            V.Store(lastA, border);
            V.Store(lastB, border + width);
            border += pitch;
            y += sample;
        }

        V.Store(cornerA, state);
        V.Store(cornerB, state + width);
        V.Store(a0, state + (1 * pitch));
        V.Store(b0, state + (1 * pitch) + width);
        if (typeof(TRows) != typeof(StripRows.One))
        {
            V.Store(a1, state + (2 * pitch));
            V.Store(b1, state + (2 * pitch) + width);
        }

        if (typeof(TRows) == typeof(StripRows.Four) || typeof(TRows) == typeof(StripRows.Six))
        {
            V.Store(a2, state + (3 * pitch));
            V.Store(b2, state + (3 * pitch) + width);
            V.Store(a3, state + (4 * pitch));
            V.Store(b3, state + (4 * pitch) + width);
        }

        if (typeof(TRows) == typeof(StripRows.Six))
        {
            V.Store(a4, state + (5 * pitch));
            V.Store(b4, state + (5 * pitch) + width);
            V.Store(a5, state + (6 * pitch));
            V.Store(b5, state + (6 * pitch) + width);
        }
    }
}
