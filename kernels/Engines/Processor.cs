using System.Globalization;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Engines;

/// <summary>What the processor calls itself, and how large its caches are.</summary>
internal static class Processor
{
    /// <summary>The maker's name for it, or its architecture where the system does not tell.</summary>
    public static string Model { get; } = Read();

    /// <summary>Bytes of a core's second-level cache; where the system does not tell, what processors with vectors of that width have at least.</summary>
    public static long SecondLevelCacheBytes { get; } =
        ReadSecondLevelCache("/sys/devices/system/cpu/cpu0/cache") ?? (SimdWidths.IsSupported(SimdWidth.Bits512) ? 1 << 20 : 512 << 10);

    /// <summary>The size of the second-level cache among the caches that Linux lists in a folder; null where there is none or it does not read as expected.</summary>
    internal static long? ReadSecondLevelCache(string folder)
    {
        try
        {
            foreach (string cache in Directory.Exists(folder) ? Directory.GetDirectories(folder, "index*") : [])
            {
                if (File.ReadAllText(Path.Combine(cache, "level")).Trim() != "2") continue;
                string size = File.ReadAllText(Path.Combine(cache, "size")).Trim();
                return size.EndsWith('K') && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : null;
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }

    private static string Read()
    {
        const string cpuinfo = "/proc/cpuinfo";
        if (File.Exists(cpuinfo))
        {
            foreach (string line in File.ReadLines(cpuinfo))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal)) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
