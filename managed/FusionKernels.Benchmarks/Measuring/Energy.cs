using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Counters of energy that the system shows: those of processor packages on Linux (RAPL).</summary>
internal static class Energy
{
    /// <summary>Where Linux shows them.</summary>
    public const string DefaultFolder = "/sys/class/powercap";

    /// <summary>Joules counted since some time past, of all packages; null where the system does not tell.</summary>
    public static double? Read(string folder = DefaultFolder)
    {
        if (!Directory.Exists(folder)) return null;
        double? joules = null;
        foreach (string package in Directory.EnumerateDirectories(folder, "intel-rapl:*"))
        {
            // Parts of a package, intel-rapl:0:1, are counted in it.
            if (Path.GetFileName(package).Count(letter => letter == ':') != 1) continue;
            try
            {
                joules = (joules ?? 0) + (double.Parse(File.ReadAllText(Path.Combine(package, "energy_uj")), CultureInfo.InvariantCulture) / 1e6);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
            {
                return null;
            }
        }

        return joules;
    }
}
