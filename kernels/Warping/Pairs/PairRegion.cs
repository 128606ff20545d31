namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>A rectangle of an alignment table: what stands before it, and where its cells go.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct PairRegion<T>
    where T : unmanaged
{
    /// <summary>The row before the first one.</summary>
    public required int Top { get; init; }

    /// <summary>The last row.</summary>
    public required int Bottom { get; init; }

    /// <summary>The column before the first one.</summary>
    public required int Left { get; init; }

    /// <summary>The last column.</summary>
    public required int Right { get; init; }

    /// <summary>Cells of row Top from column Left on; those of row Bottom when done. As much padding around it as a strip has rows.</summary>
    public required T* Border { get; init; }

    /// <summary>Cells of column Left from row Top on.</summary>
    public required T* LeftCells { get; init; }

    /// <summary>Columns from one that is kept to the next, from Left on; more than a strip has rows. 0 for none.</summary>
    public int CaptureStep { get; init; }

    /// <summary>Receives those columns, each from row Top on, whose own place is left as it is.</summary>
    public T* Captured { get; init; }

    /// <summary>Elements from one kept column to the next.</summary>
    public nint CaptureStride { get; init; }

    /// <summary>Receives the last column, from row Top on, whose own place is left as it is; null for none.</summary>
    public T* LastColumn { get; init; }

    /// <summary>Receives all cells, as <see cref="PairRecord{T}"/> finds them; null for none.</summary>
    public T* Record { get; init; }

    /// <summary>Rows.</summary>
    public readonly int Rows => Bottom - Top;

    /// <summary>Columns.</summary>
    public readonly int Columns => Right - Left;
}
