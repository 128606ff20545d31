using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Lanes;

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
        int width = V.Count, pitch = 2 * width, rows = strip->Rows, channels = strip->Channels;
        int summed = TCost.IsTwofold ? channels / 2 : channels;
        nint sample = (nint)channels * pitch;
        T* costs = strip->Costs, y = strip->Y + (strip->From * sample);
        for (int j = strip->From; j < strip->To; j++, y += sample)
        {
            for (int row = 0; row < rows; row += 2, costs += 2 * pitch)
            {
                // A single row is computed twice over; its second copy lies where the next column's costs follow.
                int second = row + 1 < rows ? 1 : 0;
                V a0 = V.Constant(0), a1 = a0, b0 = a0, b1 = a0;
                T* x = strip->X + row;
                for (int first = 0; first < channels; first += summed)
                {
                    V sumA0 = V.Constant(0), sumA1 = sumA0, sumB0 = sumA0, sumB1 = sumA0;
                    T* end = y + ((nint)(first + summed) * pitch);
                    for (T* channel = y + ((nint)first * pitch); channel < end; channel += pitch, x += LaneGroup<T>.MostRows)
                    {
                        V x0 = V.Broadcast(x[0]), x1 = V.Broadcast(x[second]), nextA = V.Load(channel), nextB = V.Load(channel + width);
                        sumA0 = TCost.Add(sumA0, x0, nextA);
                        sumB0 = TCost.Add(sumB0, x0, nextB);
                        sumA1 = TCost.Add(sumA1, x1, nextA);
                        sumB1 = TCost.Add(sumB1, x1, nextB);
                    }

                    a0 += TCost.Finish(sumA0);
                    b0 += TCost.Finish(sumB0);
                    a1 += TCost.Finish(sumA1);
                    b1 += TCost.Finish(sumB1);
                }

                V.Store(a0, costs);
                V.Store(b0, costs + width);
                V.Store(a1, costs + pitch);
                V.Store(b1, costs + pitch + width);
                if (second == 0) costs -= pitch;
            }
        }
    }
}
