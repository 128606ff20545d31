using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>The micro-kernel of all pairs: a few rows of alignment tables, one pair in each lane, column by column in registers.</summary>
/// <remarks>
/// Two minima and a multiply-add follow one another from cell to cell, so that the rows of a column and several columns must
/// be in flight at a time; rows are written out, since only locals stay in registers.
/// </remarks>
internal static unsafe class WarpingStrip<V, T, TCost, TRule>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
{
    /// <summary>Computes columns <see cref="StripArguments{T}.From"/> to <see cref="StripArguments{T}.To"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run<TForm>(StripArguments<T>* strip, TRule rule)
        where TForm : struct, IStripForm
    {
        T* x = strip->X, state = strip->State;

        // The samples of x; of more than one channel, the sums over them.
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (TForm.IsUnivariate)
        {
            s0 = V.Broadcast(x[0]);
            if (TForm.Rows > 1) s1 = V.Broadcast(x[1]);
            if (TForm.Rows > 2) s2 = V.Broadcast(x[2]);
            if (TForm.Rows > 3) s3 = V.Broadcast(x[3]);
            if (TForm.Rows > 4) s4 = V.Broadcast(x[4]);
            if (TForm.Rows > 5) s5 = V.Broadcast(x[5]);
        }

        V corner = V.Load(state), c0 = V.Load(state + V.Count);
        V c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        if (TForm.Rows > 1) c1 = V.Load(state + (2 * V.Count));
        if (TForm.Rows > 2) c2 = V.Load(state + (3 * V.Count));
        if (TForm.Rows > 3) c3 = V.Load(state + (4 * V.Count));
        if (TForm.Rows > 4) c4 = V.Load(state + (5 * V.Count));
        if (TForm.Rows > 5) c5 = V.Load(state + (6 * V.Count));

        nint sample = TForm.IsUnivariate ? V.Count : (nint)strip->Channels * V.Count;
        T* y = strip->Y + (strip->From * sample), border = strip->Border + ((nint)strip->From * V.Count);
        int to = strip->To;
        for (int j = strip->From; j < to; j++)
        {
            V y0 = V.Load(y);
            if (TCost.IsTwofold)
            {
                s0 = Twofold(x, y, TForm.Rows, strip->Channels);
                if (TForm.Rows > 1) s1 = Twofold(x + 1, y, TForm.Rows, strip->Channels);
                if (TForm.Rows > 2) s2 = Twofold(x + 2, y, TForm.Rows, strip->Channels);
                if (TForm.Rows > 3) s3 = Twofold(x + 3, y, TForm.Rows, strip->Channels);
                if (TForm.Rows > 4) s4 = Twofold(x + 4, y, TForm.Rows, strip->Channels);
                if (TForm.Rows > 5) s5 = Twofold(x + 5, y, TForm.Rows, strip->Channels);
            }
            else if (!TForm.IsUnivariate)
            {
                s0 = TCost.First(V.Broadcast(x[0]), y0);
                if (TForm.Rows > 1) s1 = TCost.First(V.Broadcast(x[1]), y0);
                if (TForm.Rows > 2) s2 = TCost.First(V.Broadcast(x[2]), y0);
                if (TForm.Rows > 3) s3 = TCost.First(V.Broadcast(x[3]), y0);
                if (TForm.Rows > 4) s4 = TCost.First(V.Broadcast(x[4]), y0);
                if (TForm.Rows > 5) s5 = TCost.First(V.Broadcast(x[5]), y0);
                T* xc = x + TForm.Rows;
                for (T* yc = y + V.Count; yc < y + sample; yc += V.Count, xc += TForm.Rows)
                {
                    V next = V.Load(yc);
                    s0 = TCost.Add(s0, V.Broadcast(xc[0]), next);
                    if (TForm.Rows > 1) s1 = TCost.Add(s1, V.Broadcast(xc[1]), next);
                    if (TForm.Rows > 2) s2 = TCost.Add(s2, V.Broadcast(xc[2]), next);
                    if (TForm.Rows > 3) s3 = TCost.Add(s3, V.Broadcast(xc[3]), next);
                    if (TForm.Rows > 4) s4 = TCost.Add(s4, V.Broadcast(xc[4]), next);
                    if (TForm.Rows > 5) s5 = TCost.Add(s5, V.Broadcast(xc[5]), next);
                }
            }

            V above = V.Load(border), diagonal = corner, left = c0;
            corner = above;
            above = c0 = Cell<TForm>(strip, rule, 0, j, diagonal, above, left, s0, y0);
            if (TForm.Rows > 1)
            {
                (diagonal, left) = (left, c1);
                above = c1 = Cell<TForm>(strip, rule, 1, j, diagonal, above, left, s1, y0);
            }

            if (TForm.Rows > 2)
            {
                (diagonal, left) = (left, c2);
                above = c2 = Cell<TForm>(strip, rule, 2, j, diagonal, above, left, s2, y0);
            }

            if (TForm.Rows > 3)
            {
                (diagonal, left) = (left, c3);
                above = c3 = Cell<TForm>(strip, rule, 3, j, diagonal, above, left, s3, y0);
            }

            if (TForm.Rows > 4)
            {
                (diagonal, left) = (left, c4);
                above = c4 = Cell<TForm>(strip, rule, 4, j, diagonal, above, left, s4, y0);
            }

            if (TForm.Rows > 5)
            {
                (diagonal, left) = (left, c5);
                above = c5 = Cell<TForm>(strip, rule, 5, j, diagonal, above, left, s5, y0);
            }

            V.Store(above, border);
            border += V.Count;
            y += sample;
        }

        V.Store(corner, state);
        V.Store(c0, state + V.Count);
        if (TForm.Rows > 1) V.Store(c1, state + (2 * V.Count));
        if (TForm.Rows > 2) V.Store(c2, state + (3 * V.Count));
        if (TForm.Rows > 3) V.Store(c3, state + (4 * V.Count));
        if (TForm.Rows > 4) V.Store(c4, state + (5 * V.Count));
        if (TForm.Rows > 5) V.Store(c5, state + (6 * V.Count));
    }

    /// <summary>The costs of both halves of the channels, added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Twofold(T* x, T* y, int rows, int channels)
    {
        V total = V.Constant(0);
        int half = channels / 2;
        for (int c = 0; c < channels; c += half)
        {
            V sum = TCost.First(V.Broadcast(x[c * rows]), V.Load(y + ((nint)c * V.Count)));
            for (int k = c + 1; k < c + half; k++) sum = TCost.Add(sum, V.Broadcast(x[k * rows]), V.Load(y + ((nint)k * V.Count)));
            total += TCost.Finish(sum);
        }

        return total;
    }

    /// <summary>One cell of every lane's table.</summary>
    /// <param name="strip">Where values of rows, columns and lags stand.</param>
    /// <param name="rule">The recurrence.</param>
    /// <param name="row">The row of the strip.</param>
    /// <param name="column">The column.</param>
    /// <param name="diagonal">The cell before in both.</param>
    /// <param name="above">The cell of the row before.</param>
    /// <param name="left">The cell of the column before.</param>
    /// <param name="s">The sample of x, or the sum over its channels, or the cost of both halves of them.</param>
    /// <param name="y">The first channel of the sample of y.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cell<TForm>(StripArguments<T>* strip, TRule rule, int row, int column, V diagonal, V above, V left, V s, V y)
        where TForm : struct, IStripForm
    {
        V cell;
        if (TForm.IsUnivariate && TRule.AddsCost && TCost.IsSum)
        {
            cell = TCost.Add(rule.Reach(diagonal, above, left), s, y);
        }
        else
        {
            V cost = TCost.IsTwofold ? s : TCost.Finish(TForm.IsUnivariate ? TCost.First(s, y) : s);
            V sample = default, rowValue = default, columnValue = default, lag = default;
            if (TRule.ReadsSamples) sample = TForm.IsUnivariate ? s : V.Broadcast(strip->X[row]);
            if (TRule.ReadsValues)
            {
                rowValue = V.Broadcast(strip->RowValues[row]);
                columnValue = V.Load(strip->ColumnValues + ((nint)column * V.Count));
            }

            if (TRule.ReadsLag) lag = V.Load(strip->Lags + ((nint)(column - row) * V.Count));
            cell = rule.Cell(diagonal, above, left, cost, sample, y, rowValue, columnValue, lag);
        }

        if (!TForm.ChecksFirst && !TForm.ChecksEnd) return cell;
        V position = V.Constant(column), outside = V.Broadcast(strip->Outside);
        if (TForm.ChecksFirst) cell = V.SelectLess(position, V.Load(strip->Firsts + (row * V.Count)), outside, cell);
        if (TForm.ChecksEnd) cell = V.SelectLess(position, V.Load(strip->Ends + (row * V.Count)), cell, outside);
        return cell;
    }
}
