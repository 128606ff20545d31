using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>The point costs of a strip, computed apart from its cells: of samples of many channels, or for rules that take all registers.</summary>
internal static unsafe class WarpingCosts<V, T, TCost>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    /// <summary>Fills the costs of columns <see cref="StripArguments{T}.From"/> to <see cref="StripArguments{T}.To"/>, at most <see cref="LaneGroup{T}.CostColumns"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Fill(StripArguments<T>* strip)
    {
        int width = V.Count, pitch = 2 * width, rows = strip->Rows;
        nint sample = (nint)strip->Channels * pitch;
        T* costs = strip->Costs, y = strip->Y + (strip->From * sample);
        for (int j = strip->From; j < strip->To; j++, y += sample)
        {
            int row = 0;
            for (; row + 1 < rows; row += 2, costs += 2 * pitch)
            {
                V a0 = V.Constant(0), a1 = a0, b0 = a0, b1 = a0;
                T* x = strip->X + row;
                for (T* channel = y; channel < y + sample; channel += pitch, x += rows)
                {
                    V x0 = V.Broadcast(x[0]), x1 = V.Broadcast(x[1]), nextA = V.Load(channel), nextB = V.Load(channel + width);
                    a0 = TCost.Add(a0, x0, nextA);
                    b0 = TCost.Add(b0, x0, nextB);
                    a1 = TCost.Add(a1, x1, nextA);
                    b1 = TCost.Add(b1, x1, nextB);
                }

                V.Store(TCost.Finish(a0), costs);
                V.Store(TCost.Finish(b0), costs + width);
                V.Store(TCost.Finish(a1), costs + pitch);
                V.Store(TCost.Finish(b1), costs + pitch + width);
            }

            if (row == rows) continue;
            V a = V.Constant(0), b = a;
            T* last = strip->X + row;
            for (T* channel = y; channel < y + sample; channel += pitch, last += rows)
            {
                V x0 = V.Broadcast(last[0]);
                a = TCost.Add(a, x0, V.Load(channel));
                b = TCost.Add(b, x0, V.Load(channel + width));
            }

            V.Store(TCost.Finish(a), costs);
            V.Store(TCost.Finish(b), costs + width);
            costs += pitch;
        }
    }
}
