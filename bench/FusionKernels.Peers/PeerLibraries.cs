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
        ["libtorch"] = TorchVersion ?? "absent",
        ["OpenBLAS"] = OpenBlas.Version ?? "absent",
        ["ARPACK"] = ArpackSvd.Version ?? "absent",
        ["dtaidistance"] = CompiledPeers.VersionOf(Dtaidistance.Library) ?? "absent",
        ["UCR Suite"] = CompiledPeers.VersionOf(UcrSuite.Library) ?? "absent",
        ["libsvm"] = CompiledPeers.VersionOf(Libsvm.Library) ?? "absent",
        ["Math.NET Numerics"] = Machine.VersionOf(typeof(MathNet.Numerics.Control).Assembly),
    };

    /// <summary>Null where libtorch does not load: it is not installed, or the system's C++ library is too old for it.</summary>
    private static string? TorchVersion
    {
        get
        {
            try
            {
                return torch.__version__;
            }
            catch (TypeInitializationException) // TorchSharp loads libtorch in a static constructor
            {
                return null;
            }
        }
    }
}
