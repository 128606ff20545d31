using System.Globalization;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Bench;

/// <summary>Energy from a moment on, by the counters that the system shows: an NVIDIA GPU's own, and those of processor packages on Linux (RAPL) for what processors compute.</summary>
internal sealed class Energy
{
    /// <summary>Where Linux shows packages.</summary>
    public const string DefaultFolder = "/sys/class/powercap";

    private readonly Counter[] _counters;
    private readonly double[] _before;

    private Energy(Counter[] counters, double[] before) => (_counters, _before) = (counters, before);

    /// <summary>Counts from here what computing on a device takes; null where nobody tells.</summary>
    public static Energy? Begin(Engine engine)
    {
        if (engine is AcceleratorEngine { JoulesSpent: not null } gpu) return Begin([new(() => gpu.JoulesSpent, null)]);
        bool isProcessor = engine.Description is { Kind: DeviceKind.Host or DeviceKind.IlgpuCpu } or { Kind: DeviceKind.OpenCL, WarpSize: 1 };
        return isProcessor ? OfPackages(DefaultFolder) : null;
    }

    /// <summary>Counts from here what all processor packages take; null where the folder shows none, or not to everybody.</summary>
    public static Energy? OfPackages(string folder)
    {
        if (!Directory.Exists(folder)) return null;

        // Parts of a package, intel-rapl:0:1, are counted in it.
        string[] packages = [.. Directory.EnumerateDirectories(folder, "intel-rapl:*").Where(package => Path.GetFileName(package).Count(letter => letter == ':') == 1)];
        return Begin([.. packages.Select(package => new Counter(() => Read(package, "energy_uj"), Read(package, "max_energy_range_uj")))]);
    }

    /// <summary>Joules since the beginning; null where a counter fell silent.</summary>
    public double? Joules()
    {
        double sum = 0;
        for (int i = 0; i < _counters.Length; i++)
        {
            double? spent = _counters[i].Read() - _before[i];
            if (spent < 0) spent += _counters[i].Range; // it began again at 0
            if (spent is not >= 0) return null;
            sum += spent.Value;
        }

        return sum;
    }

    private static Energy? Begin(Counter[] counters)
    {
        double?[] before = [.. counters.Select(counter => counter.Read())];
        return before.Length == 0 || before.Contains(null) ? null : new(counters, [.. before.Select(joules => joules!.Value)]);
    }

    private static double? Read(string package, string file)
    {
        try
        {
            return double.Parse(File.ReadAllText(Path.Combine(package, file)), CultureInfo.InvariantCulture) / 1e6;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A counter of joules.</summary>
    /// <param name="Read">What it shows; null where it shows nothing.</param>
    /// <param name="Range">Behind what it begins again at 0; null for never.</param>
    private sealed record Counter(Func<double?> Read, double? Range);
}
