using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Traces the best paths from the last row, or column, that have no sample of the long series in common.</summary>
/// <remarks>
/// Greedy, as the field does it: the end of least value comes first, equal ones in order; a path that touches a sample already
/// taken is dropped.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
/// <param name="count">The most matches wanted.</param>
/// <param name="isTransposed">Whether the long series is that of the rows.</param>
/// <param name="cancellation">Checked from path to path.</param>
internal sealed class BestMatches<T>(int count, bool isTransposed, CancellationToken cancellation) : IPathsTask<T>
    where T : unmanaged
{
    private readonly List<(T Value, int[] X, int[] Y)> _matches = [];

    /// <summary>The matches, best first: end value and path.</summary>
    public IReadOnlyList<(T Value, int[] X, int[] Y)> Matches => _matches;

    /// <inheritdoc/>
    public void Run(AlignmentPaths<T> paths)
    {
        ReadOnlySpan<T> ends = isTransposed ? paths.LastColumn : paths.LastRow;
        bool[] isTaken = new bool[ends.Length];
        PriorityQueue<int, (double Value, int Place)> queue = Queue(ends);
        while (_matches.Count < count && queue.TryDequeue(out int end, out (double Value, int Place) key))
        {
            cancellation.ThrowIfCancellationRequested();
            if (isTaken[end]) continue;
            T value = Element.Of<T>(key.Value);
            PairTrace<T> path = new(isTransposed ? new(end, paths.LastRow.Length - 1, value) : new(paths.LastColumn.Length - 1, end, value), returnsToBlocks: true);
            paths.Trace(path);
            int begin = isTransposed ? path.Row : path.Column;
            Span<bool> place = isTaken.AsSpan(begin, end - begin + 1);
            if (place.Contains(true)) continue;
            place.Fill(true);
            (int[] rows, int[] columns) = path.Forward();
            _matches.Add(isTransposed ? (value, columns, rows) : (value, rows, columns));
        }
    }

    private static PriorityQueue<int, (double Value, int Place)> Queue(ReadOnlySpan<T> ends)
    {
        List<(int, (double, int))> finite = new(ends.Length);
        for (int end = 0; end < ends.Length; end++)
        {
            double value = Element.ToDouble(ends[end]);
            if (double.IsFinite(value)) finite.Add((end, (value, end)));
        }

        return new(finite);
    }
}
