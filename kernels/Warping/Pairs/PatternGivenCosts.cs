using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Given point costs.</summary>
internal readonly unsafe struct PatternGivenCosts<T>(in WarpingPair<T> pair) : IPatternCosts<T>
    where T : unmanaged
{
    private readonly T* _costs = pair.GivenCosts;
    private readonly nint _rowStride = pair.GivenRowStride;
    private readonly nint _columnStride = pair.GivenColumnStride;
    private readonly int _columns = pair.Columns;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Costs<V>(nint row, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        T* costs = _costs + (row * _rowStride);
        return _columnStride == 1 && column >= 0 && column + V.Count <= _columns ? V.Load(costs + column) : Gather<V>(costs, column);
    }

    private V Gather<V>(T* costs, nint column)
        where V : unmanaged, IHostVector<V, T>
    {
        T* gathered = stackalloc T[V.Count];
        for (int lane = 0; lane < V.Count; lane++) gathered[lane] = costs[nint.Clamp(column + lane, 0, _columns - 1) * _columnStride];
        return V.Load(gathered);
    }
}
