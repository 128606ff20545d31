using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Paths by a step pattern.</summary>
internal sealed unsafe class PatternPaths<V, T, TCosts> : AlignmentPaths<T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCosts : struct, IPatternCosts<T>
{
    private readonly PatternLevel<V, T, TCosts> _level = new();
    private readonly PatternRows<V, T, TCosts> _rows;
    private readonly T[] _lastRow;
    private readonly T[] _lastColumn;

    /// <summary>Computes the table once, keeping what paths need.</summary>
    public PatternPaths(in WarpingPair<T> pair, TCosts costs, in RunSettings settings)
    {
        _rows = new(pair, costs, new(pair.Problem.Pattern!));
        _lastRow = GC.AllocateUninitializedArray<T>(pair.Columns, pinned: true);
        _lastColumn = GC.AllocateUninitializedArray<T>(pair.Rows, pinned: true);
        _level.Enter(_rows, -1, pair.Rows - 1, pair.Columns);
        fixed (T* lastRow = _lastRow, lastColumn = _lastColumn)
        {
            PatternEnds<T> ends = new() { Pair = pair, Settings = settings, LastRow = lastRow, LastColumn = lastColumn };
            _level.Compute(_rows, ref ends);
            End = ends.End;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastRow => _lastRow;

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastColumn => _lastColumn;

    /// <inheritdoc/>
    public override long Bytes => _level.Bytes;

    /// <inheritdoc/>
    public override void Trace(PairTrace<T> path) => _level.Trace(_rows, path);
}
