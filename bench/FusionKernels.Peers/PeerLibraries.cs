using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>The versions of the libraries beside this one.</summary>
internal static class PeerLibraries
{
    /// <summary>By name; <c>absent</c> where a native library is not installed.</summary>
    public static Dictionary<string, string> Versions() => new()
    {
        ["TorchSharp"] = Machine.VersionOf(typeof(torch).Assembly),
        ["libtorch"] = torch.__version__,
        ["OpenBLAS"] = OpenBlas.Version ?? "absent",
        ["Math.NET Numerics"] = Machine.VersionOf(typeof(MathNet.Numerics.Control).Assembly),
    };
}
