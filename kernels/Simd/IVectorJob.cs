namespace FusionKernels.Kernels.Simd;

/// <summary>Work written once for any width of lanes; <see cref="VectorDispatch"/> runs it at one.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Does the work with lanes <typeparamref name="V"/>.</summary>
    void Run<V>()
        where V : unmanaged, IHostVector<V, T>;
}
