using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>By what a pair of samples multiplies the weight of every alignment that matches it.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ISoftFactor<T>
    where T : unmanaged
{
    /// <summary>The factor over 2^-<paramref name="exponent"/>, between 1/4 and 2.</summary>
    /// <param name="power">2^-cost over 2^-exponent, the cost being in units of ln 2.</param>
    /// <param name="exponent">The integer nearest to the cost.</param>
    static abstract V Significand<V>(V power, V exponent)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The difference of one channel of two samples, in units in which its square is a cost over ln 2.</summary>
    static abstract V Difference<V>(V x, V y)
        where V : unmanaged, IVector<V, T>;
}
