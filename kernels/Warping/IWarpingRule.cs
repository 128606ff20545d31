using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>
/// What one cell of an alignment table is made of: the recurrence of dynamic time warping and its kin, stated once for SIMD
/// and devices.
/// <code>cell(i, j) = rule( cell(i-1, j-1), cell(i-1, j), cell(i, j-1), cost(i, j), x(i), y(j), rowValue(i), columnValue(j), lag(|i - j|) )</code>
/// </summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IWarpingRule<T>
    where T : unmanaged
{
    /// <summary>What stands before the first row and column.</summary>
    static abstract WarpingBorder Border { get; }

    /// <summary>Whether a cell is its point cost added to what it is reached from, so that <see cref="Reach{V}"/> is all there is to the rule.</summary>
    static abstract bool AddsCost { get; }

    /// <summary>Whether the diagonal counts a cost twice: the first pair, which is reached from the corner, then starts one cost below 0.</summary>
    static abstract bool DoublesDiagonal { get; }

    /// <summary>Whether x and y, the samples' first channels, are read.</summary>
    static abstract bool ReadsSamples { get; }

    /// <summary>Whether the values that belong to a row and a column are read.</summary>
    static abstract bool ReadsValues { get; }

    /// <summary>Whether the value that belongs to |i - j| is read.</summary>
    static abstract bool ReadsLag { get; }

    /// <summary>What a cell is reached from, before its cost; only where <see cref="AddsCost"/>.</summary>
    V Reach<V>(V diagonal, V above, V left)
        where V : unmanaged, IVector<V, T>;

    /// <summary>As <see cref="Reach{V}"/>, of cells above that stand in memory: by instructions that read them themselves, where a rule names these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual V Reach<V, TRule>(in TRule rule, T* diagonal, T* above, V left)
        where V : unmanaged, IHostVector<V, T>
        where TRule : unmanaged, IWarpingRule<T> => rule.Reach(V.Load(diagonal), V.Load(above), left);

    /// <summary>The cell's value. Arguments that the flags say are not read are undefined.</summary>
    /// <param name="diagonal">cell(i-1, j-1).</param>
    /// <param name="above">cell(i-1, j).</param>
    /// <param name="left">cell(i, j-1).</param>
    /// <param name="cost">The point cost of the pair.</param>
    /// <param name="x">The first channel of sample i of x.</param>
    /// <param name="y">The first channel of sample j of y.</param>
    /// <param name="rowValue">The value of row i.</param>
    /// <param name="columnValue">The value of column j.</param>
    /// <param name="lag">The value of |i - j|.</param>
    V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T>;
}
