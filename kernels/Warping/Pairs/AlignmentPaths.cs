namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>One alignment table that was computed once: its ends, and the path from any cell of its last row or column.</summary>
/// <remarks>Holds rows and columns in proportion to the lengths, not the table.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal abstract class AlignmentPaths<T>
    where T : unmanaged
{
    /// <summary>Where the best path ends.</summary>
    public PairEnd<T> End { get; protected init; }

    /// <summary>The cells of the last row.</summary>
    public abstract ReadOnlySpan<T> LastRow { get; }

    /// <summary>The cells of the last column.</summary>
    public abstract ReadOnlySpan<T> LastColumn { get; }

    /// <summary>Bytes held.</summary>
    public abstract long Bytes { get; }

    /// <summary>Follows the path that ends where <paramref name="path"/> stands to its begin.</summary>
    public abstract void Trace(PairTrace<T> path);
}
