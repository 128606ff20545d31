using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The backward pass of a soft alignment: how many of the alignments, by weight, pass each cell, and what follows for the samples.</summary>
/// <remarks>
/// A cell hands on what passes it to its three neighbours by their shares in its sum, so that what arrives is a sum of products
/// of numbers between 0 and 1 and cannot overflow. Shares are kept for one block of diagonals at a time (<see cref="SoftBlocks"/>).
/// </remarks>
internal static unsafe class SoftBackward<V, T, TFactor>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TFactor : unmanaged, ISoftFactor<T>
{
    /// <summary>Computes the value, and adds to the gradients and to the expected alignment.</summary>
    /// <returns>The value, as <see cref="SoftForward{V, T, TFactor}.Value"/> gives it.</returns>
    public static double Run(in SoftPair<T> pair, in SoftBackwardMemory<T> memory)
    {
        SoftBlocks blocks = memory.Blocks;
        int diagonals = pair.Band.Diagonals, lastBlock = (blocks.Count - 1) * blocks.Diagonals;
        nint savedSize = SoftRing<T>.SavedSize(pair.Band.Width);
        SoftForward<V, T, TFactor>.Begin(memory.Ring);
        for (int first = 0; first < lastBlock; first += blocks.Diagonals)
        {
            SoftForward<V, T, TFactor>.Run<KeepNothing<T>>(pair, memory.Ring, first, first + blocks.Diagonals, null, 0);
            memory.Ring.Copy(pair.Band, first + blocks.Diagonals, memory.Saved + (first / blocks.Diagonals * savedSize), isRestored: false);
        }

        SoftForward<V, T, TFactor>.Run<KeepShares<T>>(pair, memory.Ring, lastBlock, diagonals, memory.Shares, blocks.Stride);
        double value = memory.Ring.Value(pair.Band);
        BeginBackward(pair, memory);
        RunBlock(pair, memory, lastBlock, diagonals);
        for (int first = lastBlock - blocks.Diagonals; first >= 0; first -= blocks.Diagonals)
        {
            if (first == 0) SoftForward<V, T, TFactor>.Begin(memory.Ring);
            else memory.Ring.Copy(pair.Band, first, memory.Saved + (((first / blocks.Diagonals) - 1) * savedSize), isRestored: true);
            SoftForward<V, T, TFactor>.Run<KeepShares<T>>(pair, memory.Ring, first, first + blocks.Diagonals, memory.Shares, blocks.Stride);
            RunBlock(pair, memory, first, first + blocks.Diagonals);
        }

        return value;
    }

    /// <summary>What arrives in the last cell is everything; behind the last diagonal there is nothing.</summary>
    private static void BeginBackward(in SoftPair<T> pair, in SoftBackwardMemory<T> memory)
    {
        int end = pair.Band.Diagonals, row = pair.Band.Rows - 1;
        for (int k = end; k <= end + 1; k++)
        {
            for (int neighbour = 0; neighbour < 3; neighbour++) new Span<T>(memory.Passed(k, neighbour) + row - SoftPair<T>.Padding, 2 * (SoftPair<T>.Padding + 1)).Clear();
        }

        // The last cell's left neighbour in place of one further on: all that passes the last cell.
        memory.Passed(end, SoftBackwardMemory<T>.Left)[row] = Element.Of<T>(1);
    }

    private static void RunBlock(in SoftPair<T> pair, in SoftBackwardMemory<T> memory, int first, int end)
    {
        for (int k = end - 1; k >= first; k--)
        {
            Diagonal(pair, memory, k, memory.Shares + ((k - first) * 3 * memory.Blocks.Stride), memory.Blocks.Stride);
            if (memory.Expected is not null) memory.StoreExpected(pair.Band, k);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Diagonal(in SoftPair<T> pair, in SoftBackwardMemory<T> memory, int k, T* shares, nint stride)
    {
        nint first = pair.Band.First[k], last = pair.Band.Last[k];
        nint strideX = pair.StrideX, strideY = pair.StrideY;
        int channels = pair.Channels;
        T* x = pair.X;
        T* y = pair.ReversedOn(k);
        T* gradientX = memory.GradientX;
        T* gradientY = memory.GradientY + (y - pair.Y);
        T* fromLeft = memory.Passed(k + 1, SoftBackwardMemory<T>.Left), fromAbove = memory.Passed(k + 1, SoftBackwardMemory<T>.Above);
        T* fromDiagonal = memory.Passed(k + 2, SoftBackwardMemory<T>.Diagonal), arrived = memory.Arrived;
        T* toLeft = memory.Passed(k, SoftBackwardMemory<T>.Left), toAbove = memory.Passed(k, SoftBackwardMemory<T>.Above);
        T* toDiagonal = memory.Passed(k, SoftBackwardMemory<T>.Diagonal);
        nint begin = first & -V.Count;
        for (nint i = begin; i <= last; i += V.Count)
        {
            V weight = V.Load(fromLeft + i) + V.Load(fromAbove + i + 1) + V.Load(fromDiagonal + i + 1);
            T* share = shares + (i - begin);
            V.Store(weight, arrived + i);
            V.Store(weight * V.Load(share), toDiagonal + i);
            V.Store(weight * V.Load(share + stride), toAbove + i);
            V.Store(weight * V.Load(share + (2 * stride)), toLeft + i);

            // Outside the band nothing arrives, so whole vectors change no sum there.
            for (nint c = 0; c < channels; c++)
            {
                nint inX = i + (c * strideX), inY = i + (c * strideY);
                V difference = TFactor.Difference(V.Load(x + inX), V.Load(y + inY));
                V.Store(V.MultiplyAdd(weight, difference, V.Load(gradientX + inX)), gradientX + inX);
                V.Store(V.Load(gradientY + inY) - (weight * difference), gradientY + inY);
            }
        }

        V nothing = V.Constant(0);
        V.Store(nothing, toLeft + first - V.Count);
        V.Store(nothing, toAbove + first - V.Count);
        V.Store(nothing, toDiagonal + first - V.Count);
        V.Store(nothing, toLeft + last + 1);
        V.Store(nothing, toAbove + last + 1);
        V.Store(nothing, toDiagonal + last + 1);
    }
}
