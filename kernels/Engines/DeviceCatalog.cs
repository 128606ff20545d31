using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Engines;

/// <summary>Which devices this machine has, and how a name becomes an engine.</summary>
internal static class DeviceCatalog
{
    /// <summary>The environment variable that stands in for <c>auto</c>.</summary>
    public const string EnvironmentVariable = "FUSIONKERNELS_DEVICE";

    /// <summary>Everything that was looked for, the refused with their reasons: CUDA, OpenCL, host, the simulation.</summary>
    /// <exception cref="ArgumentException"><c>FUSIONKERNELS_SIMD</c> names an unknown width.</exception>
    /// <exception cref="PlatformNotSupportedException"><c>FUSIONKERNELS_SIMD</c> names a width that this machine does not have.</exception>
    public static IReadOnlyList<DeviceProbe> Probe() =>
    [
        .. ProbeAccelerators(DeviceKind.Cuda),
        .. ProbeAccelerators(DeviceKind.OpenCL),
        new("host", HostEngine.Describe(SimdWidths.Choose()), null),
        .. ProbeAccelerators(DeviceKind.IlgpuCpu),
    ];

    /// <summary>Opens a device.</summary>
    /// <param name="name">One of <see cref="DeviceName.Forms"/>.</param>
    /// <param name="why">How it was chosen, in a sentence.</param>
    /// <exception cref="ArgumentException">The name, or the environment variable, is none of the forms.</exception>
    /// <exception cref="DeviceNotFoundException">There is no such device, or it did not open.</exception>
    public static Engine Open(string name, out string why)
    {
        DeviceName asked = DeviceName.Parse(name, nameof(name));
        if (asked.Kind is not null)
        {
            why = $"{asked} was asked for by name.";
            return Open(asked);
        }

        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrWhiteSpace(forced) && DeviceName.Parse(forced.Trim(), EnvironmentVariable) is { Kind: not null } override_)
        {
            why = $"{override_} was asked for by the environment variable {EnvironmentVariable}.";
            return Open(override_);
        }

        why = $"auto took host: {Accelerators.Refusal}.";
        return (Accelerators.AreSupported ? AcceleratorCatalog.TryOpenBest(out why) : null) ?? OpenHost();
    }

    /// <summary>Whether <c>auto</c> is the host: because the environment says so or, where it says nothing, because no accelerator was found. Opens nothing.</summary>
    public static bool IsAutoTheHost()
    {
        string? forced = Environment.GetEnvironmentVariable(EnvironmentVariable)?.Trim();
        return string.IsNullOrEmpty(forced) || forced.Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? !(Accelerators.AreSupported && AcceleratorCatalog.HasBest)
            : forced.Equals("host", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Opens the host.</summary>
    /// <inheritdoc cref="Probe" path="/exception"/>
    public static HostEngine OpenHost() => new(0, SimdWidths.Choose());

    private static Engine Open(DeviceName name)
    {
        if (name.Kind == DeviceKind.Host) return OpenHost();
        return (Accelerators.AreSupported ? AcceleratorCatalog.TryOpen(name) : null)
            ?? throw new DeviceNotFoundException(name.ToString(), [.. Probe().Select(probe => probe.ToString())]);
    }

    private static IEnumerable<DeviceProbe> ProbeAccelerators(DeviceKind kind) => Accelerators.AreSupported
        ? AcceleratorCatalog.Probe(kind)
        : [new(new DeviceName(kind, 0).ToString().Split(':')[0], null, Accelerators.Refusal)];
}
