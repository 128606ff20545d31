using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>What becomes of the elements that stand in one place of up to four operands: the rule of every elementwise operation and of what sums add up.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IElementFunction<T>
    where T : unmanaged
{
    /// <summary>Operands that are read, 1 to 4.</summary>
    static abstract int Inputs { get; }

    /// <summary>The value; operands that are not read are undefined.</summary>
    V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T>;
}
