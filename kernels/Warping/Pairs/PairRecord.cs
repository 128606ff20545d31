using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>All cells of a region, in the order in which strips of equal size compute them: vectors of a step, steps of a strip, strips.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct PairRecord<T>(T* cells, int top, int left, int columns, int lanes)
    where T : unmanaged
{
    private readonly T* _cells = cells;
    private readonly int _top = top;
    private readonly int _left = left;
    private readonly int _columns = columns;
    private readonly int _lanes = lanes;

    /// <summary>The cell in a row and column of the table, which must be in the region and its window.</summary>
    public T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => *At(row, column);
    }

    /// <summary>Copies the cells of a row from one column on, which must all be in its window.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="end">Behind the last column.</param>
    /// <param name="target">Receives the first one.</param>
    /// <param name="stride">Elements from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRow(int row, int column, int end, T* target, nint stride)
    {
        T* cell = At(row, column);
        for (; column < end; column++, cell += _lanes, target += stride) *target = *cell;
    }

    /// <summary>Elements of memory for a region.</summary>
    public static long Length(long rows, long columns, int lanes) => (rows + lanes - 1) / lanes * (columns + lanes - 1) * lanes;

    /// <summary>Where a step begins.</summary>
    /// <param name="columns">Columns of the region.</param>
    /// <param name="lanes">Rows of a strip.</param>
    /// <param name="strip">The strip.</param>
    /// <param name="step">The step, from 0 where the strip's top row is in the region's first column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Offset(int columns, int lanes, nint strip, nint step) => ((strip * (columns + lanes - 1)) + step) * lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* At(int row, int column)
    {
        int p = (row - _top - 1) % _lanes;
        return _cells + Offset(_columns, _lanes, (row - _top - 1) / _lanes, column + p - _left - 1) + _lanes - 1 - p;
    }
}
