using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>One step of an optimizer for one parameter.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IStepRule<T>
    where T : unmanaged
{
    /// <summary>Whether the second state is read and written.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The parameter and its state after the step.</summary>
    Stepped<V> Step<V>(V parameter, V gradient, V first, V second)
        where V : unmanaged, IVector<V, T>;
}

/// <summary>A parameter and its state after a step.</summary>
internal readonly struct Stepped<V>(V parameter, V first, V second)
    where V : unmanaged
{
    /// <summary>The parameter.</summary>
    public readonly V Parameter = parameter;

    /// <summary>The running mean of gradients.</summary>
    public readonly V First = first;

    /// <summary>The running mean of their squares.</summary>
    public readonly V Second = second;
}
