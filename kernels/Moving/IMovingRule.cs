using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Moving;

/// <summary>What is computed of the samples inside a window: one step a sample, in their order.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IMovingRule<T>
    where T : unmanaged
{
    /// <summary>Whether the centre is the window's mean, which is then computed first, rather than its first sample.</summary>
    static abstract bool IsAroundMean { get; }

    /// <summary>The state before any step.</summary>
    static abstract V Start<V>(V first)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The state with one more sample.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="weight">1 / samples of a window.</param>
    static abstract V Add<V>(V state, V sample, V centre, V weight)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The result behind the last step.</summary>
    static abstract V Result<V>(V state, V centre)
        where V : unmanaged, IVector<V, T>;
}
