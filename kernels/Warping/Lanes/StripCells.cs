using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>The ways in which a strip's cell comes of its operands.</summary>
internal static unsafe class StripCells
{
    /// <summary>One channel, whose term is added to what the cell is reached from.</summary>
    internal readonly struct OneChannel<V, T, TCost, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left)
        {
            // First in the code, so that the processor finds it work for while a cell waits for its neighbours.
            V part = TCost.Part(x - y);
            return TCost.AddPart(rule.Reach(diagonal, above, left), part);
        }
    }

    /// <summary>Three channels likewise; their sum first, since a cell waits for its neighbours, not for its cost.</summary>
    internal readonly struct ThreeChannels<V, T, TCost, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 3;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left)
        {
            // Sums take their two samples in either order; the second one may come from memory in the same instruction.
            V sum = TCost.First(y, V.Broadcast(xs[0]));
            sum = TCost.Add(sum, second, V.Broadcast(xs[LaneGroup<T>.MostRows]));
            sum = TCost.Add(sum, third, V.Broadcast(xs[2 * LaneGroup<T>.MostRows]));
            return rule.Reach(diagonal, above, left) + sum;
        }
    }

    /// <summary>One channel, by a rule that reads nothing but the cost.</summary>
    internal readonly struct OfCost<V, T, TCost, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left) =>
            rule.Cell(diagonal, above, left, TCost.Finish(TCost.First(x, y)), default, default, default, default, default);
    }

    /// <summary>Any channels, whose costs were computed before, by a rule that reads nothing else.</summary>
    internal readonly struct OfGivenCost<V, T, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left) =>
            rule.Cell(diagonal, above, left, GivenCost<V, T>(strip, row, vector, column), default, default, default, default, default);
    }

    /// <summary>Any channels, whose costs were computed before, by a rule that reads more.</summary>
    internal readonly struct OfAll<V, T, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left)
        {
            V cost = GivenCost<V, T>(strip, row, vector, column);
            return Reading<V, T, TRule>(strip, rule, row, vector, column, x, y, cost, diagonal, above, left);
        }
    }

    /// <summary>One channel, by a rule that reads more.</summary>
    internal readonly struct OfAllOneChannel<V, T, TCost, TRule> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
    {
        /// <inheritdoc/>
        public static int Channels => 1;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left)
        {
            V cost = TCost.Finish(TCost.First(x, y));
            return Reading<V, T, TRule>(strip, rule, row, vector, column, x, y, cost, diagonal, above, left);
        }
    }

    /// <summary>A cell that may lie outside its row's window.</summary>
    internal readonly struct AtEdge<V, T, TRule, TCell> : IStripCell<V, T, TRule>
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
        where TCell : struct, IStripCell<V, T, TRule>
    {
        /// <inheritdoc/>
        public static int Channels => TCell.Channels;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Compute(StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, T* xs, V second, V third, V diagonal, V above, V left)
        {
            V cell = TCell.Compute(strip, rule, row, vector, column, x, y, xs, second, third, diagonal, above, left);
            V position = V.Constant(column), outside = V.Constant(double.PositiveInfinity);
            nint lane = ((2 * row) + vector) * V.Count;
            cell = V.SelectLess(position, V.Load(strip->Firsts + lane), outside, cell);
            return V.SelectLess(position, V.Load(strip->Ends + lane), cell, outside);
        }
    }

    /// <summary>A cell of a rule that reads more than the cost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reading<V, T, TRule>(
        StripArguments<T>* strip, in TRule rule, int row, int vector, int column, V x, V y, V cost, V diagonal, V above, V left)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        V rowValue = default, columnValue = default, lag = default;
        if (TRule.ReadsValues)
        {
            rowValue = V.Broadcast(strip->RowValues[row]);
            columnValue = V.Load(strip->ColumnValues + (((2 * (nint)column) + vector) * V.Count));
        }

        if (TRule.ReadsLag) lag = V.Load(strip->Lags + (((2 * (nint)(column - row)) + vector) * V.Count));
        return rule.Cell(diagonal, above, left, cost, x, y, rowValue, columnValue, lag);
    }

    /// <summary>What <see cref="WarpingCosts{V, T, TCost}"/> computed for a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GivenCost<V, T>(StripArguments<T>* strip, int row, int vector, int column)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged =>
        V.Load(strip->Costs + (((2 * (((nint)(column - strip->From) * strip->Rows) + row)) + vector) * V.Count));
}
