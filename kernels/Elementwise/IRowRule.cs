using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>What becomes of a row that depends on all of it: two reductions, the second of which knows the first, then a value for each element.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IRowRule<T>
    where T : unmanaged
{
    /// <summary>Operands that are read, 1 to 4.</summary>
    static abstract int Inputs { get; }

    /// <summary>Whether the first reduction takes the largest rather than the sum.</summary>
    static abstract bool FirstIsLargest { get; }

    /// <summary>Whether there is a second reduction.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>What one element brings to the first reduction.</summary>
    V First<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T>;

    /// <summary>What one element brings to the second reduction.</summary>
    V Second<V>(V a, V b, V c, V d, V first)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The value in the place of an element.</summary>
    V Result<V>(V a, V b, V c, V d, V first, V second)
        where V : unmanaged, IVector<V, T>;

    /// <summary>What is kept of the row beside its elements.</summary>
    V Statistic<V>(V first, V second)
        where V : unmanaged, IVector<V, T>;
}
