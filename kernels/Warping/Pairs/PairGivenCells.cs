using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Cells of given point costs, by recurrences that read nothing else of the series.</summary>
internal readonly unsafe struct PairGivenCells<T, TRule>(in WarpingPair<T> pair, TRule rule) : IPairCells<T>
    where T : unmanaged
    where TRule : unmanaged, IWarpingRule<T>
{
    private readonly WarpingPair<T> _pair = pair;
    private readonly TRule _rule = rule;

    /// <inheritdoc/>
    public static bool IsShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    /// <inheritdoc/>
    public bool DoublesDiagonal => TRule.DoublesDiagonal;

    /// <inheritdoc/>
    public bool EntersStraight => TRule.Border != WarpingBorder.Wall;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Sample<V>(nint row)
        where V : unmanaged, IHostVector<V, T> => default;

    /// <inheritdoc/>
    public V Cost<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        // Lanes may lie outside the table, where their values do not matter but nothing may be read.
        T* costs = stackalloc T[V.Count];
        for (int lane = 0; lane < V.Count; lane++)
        {
            nint i = nint.Clamp(row - lane, 0, _pair.Rows - 1), j = nint.Clamp(column + lane, 0, _pair.Columns - 1);
            costs[lane] = _pair.GivenCosts[(i * _pair.GivenRowStride) + (j * _pair.GivenColumnStride)];
        }

        return V.Load(costs);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V x, nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        V lag = TRule.ReadsLag ? V.Load(_pair.Lags(column - row)) : default;
        return _rule.Cell(diagonal, above, left, Cost<V>(row, column), default, default, default, default, lag);
    }
}
