namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Who looks at the rows of a step pattern's table while they are there.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe interface IPatternObserver<T>
    where T : unmanaged
{
    /// <summary>Told of each row, once.</summary>
    void Computed(int row, T* cells);
}

/// <summary>Nobody.</summary>
internal readonly unsafe struct NoObserver<T> : IPatternObserver<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Computed(int row, T* cells)
    {
    }
}
