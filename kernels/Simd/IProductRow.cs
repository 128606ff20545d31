namespace FusionKernels.Kernels.Simd;

/// <summary>A row whose sums are those of products, scaled or added to others when they stand.</summary>
/// <typeparam name="TSelf">The row.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface IProductRow<TSelf, T> : ILaneRow<TSelf, T>
    where TSelf : unmanaged
    where T : unmanaged
{
    /// <summary>Stores the lanes times a factor.</summary>
    static abstract void StoreScaled(in TSelf lanes, T factor, T* target);

    /// <summary>Adds the lanes to what stands there.</summary>
    static abstract void AddTo(in TSelf lanes, T* target);
}
