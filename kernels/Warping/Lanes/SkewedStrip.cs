using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>
/// Two rows of alignment tables of three channels, for vectors that 16 registers hold: the second row is a column behind the first,
/// so that its cells wait for none of the same turn, and the compiler finds no sample to keep in a register for both.
/// </summary>
internal static unsafe class SkewedStrip<V, T, TCost, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <summary>Computes columns <see cref="StripArguments{T}.From"/> to <see cref="StripArguments{T}.To"/>, one at least.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(StripArguments<T>* strip, TRule rule)
    {
        int width = V.Count, pitch = 2 * width, sample = 3 * pitch;
        T* x = strip->X, state = strip->State, y = strip->Y + ((nint)strip->From * sample), border = strip->Border + ((nint)strip->From * pitch);
        T* end = strip->Border + ((nint)strip->To * pitch);

        // The first row's cells of the last column and of the one before it, and the second row's of the latter.
        V beforeA = V.Load(state + pitch), beforeB = V.Load(state + pitch + width);
        V secondA = V.Load(state + (2 * pitch)), secondB = V.Load(state + (2 * pitch) + width);
        V cornerA = V.Load(border), cornerB = V.Load(border + width);
        V firstA = Cell(rule, x, y, V.Load(state), cornerA, beforeA), firstB = Cell(rule, x, y + width, V.Load(state + width), cornerB, beforeB);
        for (border += pitch; border < end; border += pitch)
        {
            y += sample;
            V aboveA = V.Load(border), aboveB = V.Load(border + width);
            secondA = Cell(rule, x + 1, y - sample, beforeA, firstA, secondA);
            secondB = Cell(rule, x + 1, y - sample + width, beforeB, firstB, secondB);
            V.Store(secondA, border - pitch);
            V.Store(secondB, border - pitch + width);
            beforeA = firstA;
            beforeB = firstB;
            firstA = Cell(rule, x, y, cornerA, aboveA, firstA);
            firstB = Cell(rule, x, y + width, cornerB, aboveB, firstB);
            cornerA = aboveA;
            cornerB = aboveB;
        }

        secondA = Cell(rule, x + 1, y, beforeA, firstA, secondA);
        secondB = Cell(rule, x + 1, y + width, beforeB, firstB, secondB);
        V.Store(secondA, border - pitch);
        V.Store(secondB, border - pitch + width);
        V.Store(cornerA, state);
        V.Store(cornerB, state + width);
        V.Store(firstA, state + pitch);
        V.Store(firstB, state + pitch + width);
        V.Store(secondA, state + (2 * pitch));
        V.Store(secondB, state + (2 * pitch) + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cell(in TRule rule, T* x, T* y, V diagonal, V above, V left)
    {
        V sum = TCost.AddPart(V.Constant(0), TCost.Part(V.Subtract(V.Broadcast(x[0]), y)));
        sum = TCost.AddPart(sum, TCost.Part(V.Subtract(V.Broadcast(x[LaneGroup<T>.MostRows]), y + (2 * V.Count))));
        sum = TCost.AddPart(sum, TCost.Part(V.Subtract(V.Broadcast(x[2 * LaneGroup<T>.MostRows]), y + (4 * V.Count))));
        return rule.Reach(diagonal, above, left) + sum;
    }
}
