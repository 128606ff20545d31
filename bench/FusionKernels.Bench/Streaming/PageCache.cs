using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FusionKernels.Bench;

/// <summary>What the system keeps in memory of files that were read or written.</summary>
internal static class PageCache
{
    /// <summary>POSIX_FADV_DONTNEED.</summary>
    private const int NotNeeded = 4;

    /// <summary>Asks the system to forget what it keeps of a file whose contents are on the disk, so that the next reader reads from there.</summary>
    /// <returns>Whether it said yes: only Linux is asked. What a virtual machine's host keeps is its own matter.</returns>
    public static bool TryDrop(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        using SafeFileHandle file = File.OpenHandle(path);
        return Advise((int)file.DangerousGetHandle(), 0, 0, NotNeeded) == 0;
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    private static extern int Advise(int file, long first, long bytes, int advice);
}
