using System.Reflection;
using System.Runtime.InteropServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Cli;

/// <summary>The machine and the software, as far as they matter for computing.</summary>
/// <param name="Version">This tool.</param>
/// <param name="Runtime">.NET.</param>
/// <param name="Ilgpu">ILGPU.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">Logical cores that this process may use.</param>
/// <param name="SimdWidth">The width in use.</param>
/// <param name="SimdWidths">The widths that this machine has.</param>
/// <param name="ForcedDevice">What <c>FUSIONKERNELS_DEVICE</c> says; null for nothing.</param>
/// <param name="ForcedSimd">What <c>FUSIONKERNELS_SIMD</c> says; null for nothing.</param>
internal sealed record SystemReport(
    string Version,
    string Runtime,
    string Ilgpu,
    string System,
    string Processor,
    int Cores,
    string SimdWidth,
    IReadOnlyList<string> SimdWidths,
    string? ForcedDevice,
    string? ForcedSimd)
{
    /// <summary>The same for people.</summary>
    public IEnumerable<(string Name, string Value)> Facts =>
    [
        ("fusionkernels", Version),
        ("runtime", $"{Runtime}, ILGPU {Ilgpu}"),
        ("system", System),
        ("processor", $"{Processor}, {Cores} logical cores"),
        ("SIMD", $"{SimdWidth} bits in use; this machine has {string.Join(", ", SimdWidths)}".Replace("scalar bits", "scalar", StringComparison.Ordinal)),
        .. ForcedDevice is null ? [] : new[] { (DeviceCatalog.EnvironmentVariable, ForcedDevice) },
        .. ForcedSimd is null ? [] : new[] { (Kernels.Simd.SimdWidths.EnvironmentVariable, ForcedSimd) },
    ];

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException"><c>FUSIONKERNELS_SIMD</c> asks for what this machine lacks.</exception>
    public static SystemReport Read()
    {
        DeviceSurvey.Probe(); // which also checks the environment
        return new(
            typeof(SystemReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            RuntimeInformation.FrameworkDescription,
            AcceleratorDevices.Library.GetName().Version!.ToString(3),
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            Kernels.Engines.Processor.Model,
            Environment.ProcessorCount,
            Kernels.Simd.SimdWidths.NameOf(Kernels.Simd.SimdWidths.Choose()),
            [.. Kernels.Simd.SimdWidths.All.Select(Kernels.Simd.SimdWidths.NameOf)],
            Read(DeviceCatalog.EnvironmentVariable),
            Read(Kernels.Simd.SimdWidths.EnvironmentVariable));
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
