using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Singular value decompositions on the host, in float64.</summary>
internal static unsafe class SvdHost
{
    /// <summary>Runs the whole call.</summary>
    public static void Run<T>(HostEngine engine, in SvdCall<T> call)
        where T : unmanaged => throw new NotSupportedException($"{call.Settings.Operation}: not yet on {engine.Name}");
}
