using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>The most memory that the process holds from a moment on, as Linux counts it.</summary>
internal sealed class PeakMemory
{
    private const string Status = "/proc/self/status";

    private readonly long _before;

    private PeakMemory(long before) => _before = before;

    /// <summary>Gives unused memory back and counts from here; null where the system does not tell.</summary>
    public static PeakMemory? Begin()
    {
        if (!OperatingSystem.IsLinux()) return null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // the kernel's word for: the highest so far is what is held now
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return Read("VmRSS:") is { } held ? new(held) : null;
    }

    /// <summary>The most bytes held since, beyond what was held at the beginning.</summary>
    public long? Bytes() => Read("VmHWM:") is { } most ? Math.Max(0, most - _before) : null;

    /// <summary>The most bytes held since, all that the process holds counted.</summary>
    public static long? WholeBytes() => Read("VmHWM:");

    private static long? Read(string name)
    {
        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : null;
    }
}
