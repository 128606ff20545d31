using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>
/// Alignment tables of three channels, for vectors of which there are 16 registers: two rows at a time, the second one a column behind
/// the first, so that its cells wait for none of the same turn. The rows' samples stay in registers, the columns' are operands in memory.
/// </summary>
internal static unsafe class SkewedStrip<V, T, TCost, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <summary>Computes columns <see cref="StripArguments{T}.From"/> to <see cref="StripArguments{T}.To"/>, one at least, of an even number of rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(StripArguments<T>* strip, TRule rule)
    {
        int width = V.Count, pitch = 2 * width, sample = 3 * pitch;
        T* x = strip->X, end = x + strip->Rows, state = strip->State;

        // What stands left of a pair's second row is the corner of the next pair, until its last column takes the place.
        V cornerA = V.Load(state), cornerB = V.Load(state + width);
        T* last = strip->Border + ((nint)(strip->To - 1) * pitch);
        for (; x < end; x += 2, state += 2 * pitch)
        {
            V nextA = V.Load(state + (2 * pitch)), nextB = V.Load(state + (2 * pitch) + width);
            int from = Begin(strip, rule, x, state, cornerA, cornerB);
            cornerA = nextA;
            cornerB = nextB;
            T* y = strip->Y + ((nint)from * sample), border = strip->Border + ((nint)from * pitch);
            V x0 = V.Broadcast(x[0]), x1 = V.Broadcast(x[LaneGroup<T>.MostRows]), x2 = V.Broadcast(x[2 * LaneGroup<T>.MostRows]);
            V z0 = V.Broadcast(x[1]), z1 = V.Broadcast(x[LaneGroup<T>.MostRows + 1]), z2 = V.Broadcast(x[(2 * LaneGroup<T>.MostRows) + 1]);
            V beforeA = V.Load(state), beforeB = V.Load(state + width);
            V firstA = V.Load(state + pitch), firstB = V.Load(state + pitch + width);
            V secondA = V.Load(state + (2 * pitch)), secondB = V.Load(state + (2 * pitch) + width);

            // Two turns exchange what is the last column and the one before it: moving cells from register to register would cost a tenth.
            for (; border < last; border += 2 * pitch, y += 2 * sample)
            {
                Turn(rule, x0, x1, x2, z0, z1, z2, y, border, firstA, firstB, ref beforeA, ref beforeB, ref secondA, ref secondB);
                Turn(rule, x0, x1, x2, z0, z1, z2, y + sample, border + pitch, beforeA, beforeB, ref firstA, ref firstB, ref secondA, ref secondB);
            }

            V.Store(V.Load(border), state);
            V.Store(V.Load(border + width), state + width);
            V.Store(firstA, state + pitch);
            V.Store(firstB, state + pitch + width);
            secondA = rule.Reach(beforeA, firstA, secondA) + Cost(z0, z1, z2, y);
            secondB = rule.Reach(beforeB, firstB, secondB) + Cost(z0, z1, z2, y + width);
            V.Store(secondA, border);
            V.Store(secondB, border + width);
            V.Store(secondA, state + (2 * pitch));
            V.Store(secondB, state + (2 * pitch) + width);
        }
    }

    /// <summary>
    /// The first row's first column, and a turn where an even number of columns leaves one without another: apart from the loop, because
    /// the compiler inlines only so much into one method. Leaves the first row's cells of the column before the last one, those of the last
    /// one, and the second row's of the column before, in the state.
    /// </summary>
    /// <returns>The last column that the first row has.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int Begin(StripArguments<T>* strip, TRule rule, T* x, T* state, V cornerA, V cornerB)
    {
        int width = V.Count, pitch = 2 * width, from = strip->From;
        T* y = strip->Y + ((nint)from * 3 * pitch), border = strip->Border + ((nint)from * pitch);
        V x0 = V.Broadcast(x[0]), x1 = V.Broadcast(x[LaneGroup<T>.MostRows]), x2 = V.Broadcast(x[2 * LaneGroup<T>.MostRows]);
        V z0 = V.Broadcast(x[1]), z1 = V.Broadcast(x[LaneGroup<T>.MostRows + 1]), z2 = V.Broadcast(x[(2 * LaneGroup<T>.MostRows) + 1]);
        V beforeA = V.Load(state + pitch), beforeB = V.Load(state + pitch + width);
        V secondA = V.Load(state + (2 * pitch)), secondB = V.Load(state + (2 * pitch) + width);
        V firstA = rule.Reach(cornerA, V.Load(border), beforeA) + Cost(x0, x1, x2, y);
        V firstB = rule.Reach(cornerB, V.Load(border + width), beforeB) + Cost(x0, x1, x2, y + width);
        if ((strip->To - from) % 2 == 0)
        {
            Turn(rule, x0, x1, x2, z0, z1, z2, y, border, firstA, firstB, ref beforeA, ref beforeB, ref secondA, ref secondB);
            (firstA, beforeA) = (beforeA, firstA);
            (firstB, beforeB) = (beforeB, firstB);
            from++;
        }

        V.Store(beforeA, state);
        V.Store(beforeB, state + width);
        V.Store(firstA, state + pitch);
        V.Store(firstB, state + pitch + width);
        V.Store(secondA, state + (2 * pitch));
        V.Store(secondB, state + (2 * pitch) + width);
        return from;
    }

    /// <summary>The second row's cells of a column, and the first row's of the next one in place of those of the column before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(
        in TRule rule, V x0, V x1, V x2, V z0, V z1, V z2, T* y, T* border, V firstA, V firstB, ref V beforeA, ref V beforeB, ref V secondA, ref V secondB)
    {
        int width = V.Count, pitch = 2 * width;
        V costA = Cost(z0, z1, z2, y), costB = Cost(z0, z1, z2, y + width);
        secondA = rule.Reach(beforeA, firstA, secondA) + costA;
        secondB = rule.Reach(beforeB, firstB, secondB) + costB;
        costA = Cost(x0, x1, x2, y + (3 * pitch));
        costB = Cost(x0, x1, x2, y + (3 * pitch) + width);
        beforeA = TRule.Reach(rule, border, border + pitch, firstA) + costA;
        beforeB = TRule.Reach(rule, border + width, border + pitch + width, firstB) + costB;
        V.Store(secondA, border);
        V.Store(secondB, border + width);
    }

    /// <summary>The costs of a row's sample against those of a column in half of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cost(V x0, V x1, V x2, T* y)
    {
        V sum = TCost.Term(TCost.Part(V.Subtract(x0, y)));
        sum = TCost.AddPart(sum, TCost.Part(V.Subtract(x1, y + (2 * V.Count))));
        return TCost.AddPart(sum, TCost.Part(V.Subtract(x2, y + (4 * V.Count))));
    }
}
