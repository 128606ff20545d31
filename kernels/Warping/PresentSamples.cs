using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>Costs where samples may be missing.</summary>
internal static class PresentSamples
{
    /// <summary>The term of one channel; 0 where a sample is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Term<V, T>(V term)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged => V.SelectLess(V.Constant(double.NegativeInfinity), term, term, V.Constant(0));
}
