namespace FusionKernels.Kernels.Correlation;

/// <summary>Rows that are centred alike and multiplied with themselves in one sum.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct MomentChunk<T>
    where T : unmanaged
{
    /// <summary>The first row.</summary>
    public long First;

    /// <summary>Rows.</summary>
    public int Count;

    /// <summary>What is subtracted, per column of all views.</summary>
    public T* Centre;

    /// <summary>What the difference is multiplied by: powers of two.</summary>
    public T* Scale;

    /// <summary>Receives the sums of the centred rows.</summary>
    public double* Sums;

    /// <summary>Receives their products.</summary>
    public T* Products;
}
