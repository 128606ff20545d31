using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Cells of series of any number of channels, by any recurrence, with or without missing samples.</summary>
internal readonly unsafe struct PairSampleCells<T, TCost, TRule, TForm>(in WarpingPair<T> pair, TRule rule) : IPairCells<T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
    where TForm : struct, IPairSampleForm
{
    private readonly T* _x = pair.X(0);
    private readonly T* _y = pair.Y(0);
    private readonly nint _xStride = pair.RowStride;
    private readonly nint _yStride = pair.ColumnStride;
    private readonly nint _xEnd = (nint)pair.Channels * pair.RowStride;
    private readonly T* _rowValues = pair.RowValues(0);
    private readonly T* _columnValues = pair.ColumnValues(0);
    private readonly T* _evenLags = pair.Lags(0);
    private readonly nint _oddLags = (nint)(pair.Lags(1) - pair.Lags(0));
    private readonly TRule _rule = rule;

    /// <inheritdoc/>
    public static bool IsShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    /// <inheritdoc/>
    public bool DoublesDiagonal => TRule.DoublesDiagonal;

    /// <inheritdoc/>
    public bool EntersStraight => TRule.Border != WarpingBorder.Wall;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Sample<V>(nint row)
        where V : unmanaged, IHostVector<V, T> => TForm.IsUnivariate ? V.Load(_x - row) : default;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cost<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T> => Cost(Sample<V>(row), row, column);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V x, nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        V cost = Cost(x, row, column);
        V sampleX = TRule.ReadsSamples ? V.Load(_x - row) : default;
        V sampleY = TRule.ReadsSamples ? V.Load(_y + column) : default;
        V rowValue = TRule.ReadsValues ? V.Load(_rowValues - row) : default;
        V columnValue = TRule.ReadsValues ? V.Load(_columnValues + column) : default;
        V lag = TRule.ReadsLag ? V.Load(_evenLags + (((column - row) & 1) * _oddLags) + ((column - row) >> 1)) : default;
        return _rule.Cell(diagonal, above, left, cost, sampleX, sampleY, rowValue, columnValue, lag);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Cost<V>(V x, nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        T* y = _y + column;
        if (TForm.IsUnivariate) return TCost.Finish(TCost.First(x, V.Load(y)));
        T* first = _x - row;
        if (!TCost.IsTwofold) return TCost.Finish(Sum<V>(first, y, _xEnd));
        nint half = _xEnd / 2;
        return TCost.Finish(Sum<V>(first, y, half)) + TCost.Finish(Sum<V>(first + half, y + (half / _xStride * _yStride), half));
    }

    /// <summary>The sum over the channels that lie before an end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Sum<V>(T* x, T* y, nint end)
        where V : unmanaged, IHostVector<V, T>
    {
        V sum = TCost.First(V.Load(x), V.Load(y));
        if (TForm.SkipsMissing) sum = PresentSamples.Term<V, T>(sum);
        for (nint channel = _xStride; channel < end; channel += _xStride)
        {
            y += _yStride;
            if (TForm.SkipsMissing) sum += PresentSamples.Term<V, T>(TCost.First(V.Load(x + channel), V.Load(y)));
            else sum = TCost.Add(sum, V.Load(x + channel), V.Load(y));
        }

        return sum;
    }
}
