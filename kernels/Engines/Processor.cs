using System.Runtime.InteropServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>What the processor calls itself.</summary>
internal static class Processor
{
    /// <summary>The maker's name for it, or its architecture where the system does not tell.</summary>
    public static string Model { get; } = Read();

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
