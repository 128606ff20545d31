using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>What is used of OpenBLAS, in the system's build with 32-bit sizes (Debian: libopenblas0-pthread).</summary>
internal static class OpenBlas
{
    /// <summary>The library's file.</summary>
    public const string File = "libopenblas.so.0";

    private const int RowMajor = 101;
    private const int NoTranspose = 111;

    /// <summary>The version and build, e.g. <c>0.3.29 DYNAMIC_ARCH Zen</c>; null where the library is absent.</summary>
    public static string? Version => IsPresent
        ? Marshal.PtrToStringAnsi(GetConfiguration())!.Replace("OpenBLAS", "", StringComparison.Ordinal).Trim()
        : null;

    private static bool IsPresent => NativeLibrary.TryLoad(File, out _);

    /// <summary>Sets the number of threads.</summary>
    /// <exception cref="DllNotFoundException">The library is absent.</exception>
    public static void SetThreads(int threads)
    {
        if (!IsPresent) throw new DllNotFoundException($"{File} is not installed");
        SetThreadCount(threads);
    }

    /// <summary>result = left right, square and row-major.</summary>
    public static void Multiply(int edge, float[] left, float[] right, float[] result) =>
        MultiplyFloat32(RowMajor, NoTranspose, NoTranspose, edge, edge, edge, 1, left, edge, right, edge, 0, result, edge);

    [DllImport(File, EntryPoint = "openblas_get_config")]
    private static extern nint GetConfiguration();

    [DllImport(File, EntryPoint = "openblas_set_num_threads")]
    private static extern void SetThreadCount(int threads);

    [DllImport(File, EntryPoint = "cblas_sgemm")]
    private static extern void MultiplyFloat32(
        int order,
        int transposeA,
        int transposeB,
        int rows,
        int columns,
        int depth,
        float alpha,
        float[] a,
        int strideA,
        float[] b,
        int strideB,
        float beta,
        float[] result,
        int strideResult);
}
