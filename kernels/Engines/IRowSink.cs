namespace FusionKernels.Kernels.Engines;

/// <summary>Takes finished rows of a matrix that is larger than memory.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IRowSink<T>
    where T : unmanaged
{
    /// <summary>Takes whole rows, from row <paramref name="first"/> on; the memory is used again when this returns.</summary>
    void Accept(int first, int count, ReadOnlySpan<T> values);
}
