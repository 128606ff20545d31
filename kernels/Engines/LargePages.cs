using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>Large arrays in pages of 2 MiB where the system gives them on request: the first touch of a result costs a five-hundredth as many faults.</summary>
/// <remarks>Linux alone is asked, by madvise(MADV_HUGEPAGE). It is advice: where it is not taken, memory is as it was.</remarks>
internal static unsafe partial class LargePages
{
    private const nint PageBytes = 2 << 20;
    private const int HugePage = 14;

    /// <summary>A pinned array with undefined elements, in large pages as far as it covers them.</summary>
    public static T[] Allocate<T>(int length)
        where T : unmanaged
    {
        T[] memory = GC.AllocateUninitializedArray<T>(length, pinned: true);
        if (!OperatingSystem.IsLinux() || length == 0) return memory;
        nint start = (nint)Unsafe.AsPointer(ref memory[0]), first = (start + PageBytes - 1) & -PageBytes, end = (start + ((nint)length * sizeof(T))) & -PageBytes;
        if (end > first) _ = Advise(first, end - first, HugePage);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint bytes, int advice);
}
