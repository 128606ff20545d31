using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Cells of series of one channel whose cost is a sum and is added: one multiply-add behind the minimum.</summary>
internal readonly unsafe struct PairSumCells<T, TCost, TRule>(in WarpingPair<T> pair, TRule rule) : IPairCells<T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
    where TRule : unmanaged, IWarpingRule<T>
{
    private readonly T* _x = pair.X(0);
    private readonly T* _y = pair.Y(0);
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
        where V : unmanaged, IHostVector<V, T> => V.Load(_x - row);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cost<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T> => TCost.First(V.Load(_x - row), V.Load(_y + column));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V x, nint row, nint column)
        where V : unmanaged, IHostVector<V, T> => TCost.Add(_rule.Reach(diagonal, above, left), x, V.Load(_y + column));
}
