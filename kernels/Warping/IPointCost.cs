using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>What it costs to match two samples: a sum over their channels, and what becomes of it. Stated once for reference widths, SIMD and devices.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IPointCost<T>
    where T : unmanaged
{
    /// <summary>Whether the sum is the cost, so that a cell of one channel is one <see cref="Add{V}"/> to what it is reached from.</summary>
    static abstract bool IsSum { get; }

    /// <summary>Whether the two halves of the channels are two samples, each with its sum and its <see cref="Finish{V}"/>, and the cost is what they add up to.</summary>
    static abstract bool IsTwofold { get; }

    /// <summary>The sum with one more channel.</summary>
    static abstract V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The sum of the first channel alone, as <see cref="Add{V}"/> gives it on a sum of 0.</summary>
    static abstract V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T>;

    /// <summary>What of a channel does not depend on the sum, so that it can be computed ahead of it, by the difference of its two samples. Asked for only where <see cref="IsSum"/>.</summary>
    static abstract V Part<V>(V difference)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The sum of the first channel alone, of that <see cref="Part{V}"/>: the bits of <see cref="First{V}"/>.</summary>
    static abstract V Term<V>(V part)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The sum with one more channel of that <see cref="Part{V}"/>; where <see cref="IsSum"/>, the bits of <see cref="Add{V}"/>.</summary>
    static abstract V AddPart<V>(V sum, V part)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The cost, +0 or more, of the sum over all channels.</summary>
    static abstract V Finish<V>(V sum)
        where V : unmanaged, IVector<V, T>;
}
