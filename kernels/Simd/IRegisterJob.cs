namespace FusionKernels.Kernels.Simd;

/// <summary>An innermost loop written once for the bare vectors of any width; <see cref="IHostVector{TSelf, T}.Run"/> runs it at its own.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IRegisterJob<T>
    where T : unmanaged
{
    /// <summary>Does the work with vectors <typeparamref name="R"/>.</summary>
    void Run<R, TRegisters>()
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>;
}
