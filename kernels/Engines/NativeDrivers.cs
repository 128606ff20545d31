using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace FusionKernels.Kernels.Engines;

/// <summary>Finds the drivers' libraries under the names that systems install them by.</summary>
/// <remarks>
/// ILGPU asks for <c>libcuda.so</c> and <c>libOpenCL.so</c>, which many systems have only with a development package; the
/// runtime's own names end in <c>.so.1</c>.
/// </remarks>
internal static class NativeDrivers
{
    private static readonly string[] s_cuda = OperatingSystem.IsWindows()
        ? ["nvcuda"]
        : ["libcuda.so.1", "libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1"];

    private static readonly string[] s_openCL = OperatingSystem.IsWindows() ? ["OpenCL"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    private static readonly Lazy<bool> s_installed = new(Install);

    /// <summary>Whether there is a CUDA driver library.</summary>
    public static bool HasCuda => s_installed.Value && TryLoad(s_cuda, out _);

    /// <summary>Whether there is an OpenCL library.</summary>
    public static bool HasOpenCL => s_installed.Value && TryLoad(s_openCL, out _);

    /// <summary>The names under which the CUDA driver was looked for.</summary>
    public static string CudaNames => string.Join(", ", s_cuda);

    /// <summary>The names under which OpenCL was looked for.</summary>
    public static string OpenCLNames => string.Join(", ", s_openCL);

    private static bool Install()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException) // the application brought its own resolver for ILGPU: it knows where its drivers are
        {
        }

        return true;
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        string[] names = library.ToUpperInvariant() switch
        {
            "CUDA" or "NVCUDA" => s_cuda,
            "OPENCL" => s_openCL,
            _ => [],
        };
        return TryLoad(names, out nint handle) ? handle : 0; // 0: the runtime looks by itself
    }

    private static bool TryLoad(string[] names, out nint handle)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out handle)) return true;
        }

        handle = 0;
        return false;
    }
}
