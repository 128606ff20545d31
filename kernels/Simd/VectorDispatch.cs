using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>The one switch from a width to lanes.</summary>
internal static class VectorDispatch
{
    /// <summary>Runs the job with lanes of that width.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine has no such width.</exception>
    public static void Run<T, TJob>(SimdWidth width, ref TJob job)
        where T : unmanaged
        where TJob : struct, IVectorJob<T>
    {
        // The conditions fold when compiled, so widths that the machine lacks leave no code.
        if (width == SimdWidth.Bits512 && Avx512F.IsSupported) job.Run<Lanes512<T>>();
        else if (width == SimdWidth.Bits256 && Vector256.IsHardwareAccelerated) job.Run<Lanes256<T>>();
        else if (width == SimdWidth.Bits128 && Vector128.IsHardwareAccelerated) job.Run<Lanes128<T>>();
        else if (width == SimdWidth.Scalar) job.Run<Lanes1<T>>();
        else throw SimdWidths.Unsupported(width);
    }
}
