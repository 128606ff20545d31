namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A series of one channel and its envelopes, as lower bounds read them.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct BoundedSeries<T>
    where T : unmanaged
{
    /// <summary>The samples.</summary>
    public T* Values;

    /// <summary>The least sample within the window's radius; a lower value is allowed, and bounds less.</summary>
    public T* Lower;

    /// <summary>The greatest one; a higher value is allowed.</summary>
    public T* Upper;

    /// <summary>The lower envelope of <see cref="Upper"/>.</summary>
    public T* LowerOfUpper;

    /// <summary>The upper envelope of <see cref="Lower"/>.</summary>
    public T* UpperOfLower;
}
