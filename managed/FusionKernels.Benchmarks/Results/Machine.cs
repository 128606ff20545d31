using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Bench;

/// <summary>Where and with what a measurement was made.</summary>
/// <param name="Name">The folder of its results.</param>
/// <param name="Date">When, UTC.</param>
/// <param name="Processor">The processor's model.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="MemoryBytes">Memory that the process may use.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="Simd">The SIMD width of the host engine.</param>
/// <param name="Libraries">Libraries with their versions.</param>
internal sealed record Machine(
    string Name,
    string Date,
    string Processor,
    int Cores,
    long MemoryBytes,
    string OperatingSystem,
    string Runtime,
    string Simd,
    IReadOnlyDictionary<string, string> Libraries)
{
    /// <summary>Describes this machine.</summary>
    /// <param name="name">Its name; null to make one of the accelerator's or else the processor's model.</param>
    /// <param name="devices">The devices measured.</param>
    /// <param name="libraries">Libraries measured beside this one, with their versions.</param>
    public static Machine Describe(string? name, IReadOnlyList<DeviceDescription> devices, IReadOnlyDictionary<string, string>? libraries = null)
    {
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal)
        {
            ["FusionKernels"] = VersionOf(typeof(Gram).Assembly),
            ["ILGPU"] = VersionOf(Kernels.Engines.AcceleratorDevices.Library),
        };
        foreach ((string library, string version) in libraries ?? new Dictionary<string, string>()) versions[library] = version;
        return new(
            name ?? NameOf(devices),
            DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            Kernels.Engines.Processor.Model,
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            SimdWidths.NameOf(SimdWidths.Choose()),
            versions);
    }

    /// <summary>The version that a library states.</summary>
    public static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";

    /// <summary>A folder's name: the first GPU's model, or the processor's with its cores, in lower case with hyphens.</summary>
    private static string NameOf(IReadOnlyList<DeviceDescription> devices)
    {
        DeviceDescription? gpu = devices.FirstOrDefault(device => device.Kind == DeviceKind.Cuda);
        string model = gpu?.Model ?? $"{Kernels.Engines.Processor.Model} {Environment.ProcessorCount} cores";
        char[] letters = [.. model.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')];
        return string.Join('-', new string(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
    }
}
