using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Engines;

/// <summary>Which devices this machine has, and how a name becomes an engine.</summary>
/// <remarks>Drivers are asked once per process; nothing is opened before it is asked for.</remarks>
internal static class DeviceCatalog
{
    /// <summary>The environment variable that stands in for <c>auto</c>.</summary>
    public const string EnvironmentVariable = "FUSIONKERNELS_DEVICE";

    /// <summary>The warp size of <c>ilgpu-cpu</c>: that of the devices it stands for.</summary>
    private const int DefaultSimulatedWarp = 32;

    private static readonly Lazy<IReadOnlyList<AcceleratorDevice>> s_cuda = new(AcceleratorDevices.FindCuda);
    private static readonly Lazy<IReadOnlyList<AcceleratorDevice>> s_openCL = new(AcceleratorDevices.FindOpenCL);

    /// <summary>Everything that was looked for, the refused with their reasons: CUDA, OpenCL, host, the simulation.</summary>
    /// <exception cref="ArgumentException"><c>FUSIONKERNELS_SIMD</c> names an unknown width.</exception>
    /// <exception cref="PlatformNotSupportedException"><c>FUSIONKERNELS_SIMD</c> names a width that this machine does not have.</exception>
    public static IReadOnlyList<DeviceProbe> Probe() =>
    [
        .. s_cuda.Value.Select(one => one.Probe),
        .. s_openCL.Value.Select(one => one.Probe),
        new("host", HostEngine.Describe(SimdWidths.Choose()), null),
        AcceleratorDevices.Simulated(DefaultSimulatedWarp).Probe,
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

        return OpenBest(out why);
    }

    /// <summary>Opens ILGPU's simulated device with warps of another size, for tests.</summary>
    public static AcceleratorEngine OpenSimulated(int warpSize) => AcceleratorDevices.Simulated(warpSize).Open();

    private static Engine Open(DeviceName name) => name.Kind switch
    {
        DeviceKind.Host => new HostEngine(0, SimdWidths.Choose()),
        DeviceKind.Cuda => Pick(s_cuda.Value, name).Open(),
        DeviceKind.OpenCL => Pick(s_openCL.Value, name).Open(),
        _ => OpenSimulated(DefaultSimulatedWarp),
    };

    private static AcceleratorDevice Pick(IReadOnlyList<AcceleratorDevice> found, DeviceName name) =>
        found.Where(one => one.Device is not null).ElementAtOrDefault(name.Index)
        ?? throw new DeviceNotFoundException(name.ToString(), [.. Probe().Select(probe => probe.ToString())]);

    /// <summary>CUDA, then an OpenCL GPU, then the host; the sentence tells what was passed over.</summary>
    private static Engine OpenBest(out string why)
    {
        if (s_cuda.Value.FirstOrDefault(one => one.Device is not null) is { } cuda)
        {
            why = $"auto took {cuda.Probe.Name}: a CUDA device is present.";
            return cuda.Open();
        }

        string passedOver = $"no CUDA device ({Reasons(s_cuda.Value)})";
        if (s_openCL.Value.FirstOrDefault(one => one.IsGpu) is { } gpu)
        {
            why = $"auto took {gpu.Probe.Name}, an OpenCL GPU: {passedOver}.";
            return gpu.Open();
        }

        why = $"auto took host: {passedOver}, no OpenCL GPU ({Reasons(s_openCL.Value)}).";
        return Open(new DeviceName(DeviceKind.Host, 0));
    }

    private static string Reasons(IEnumerable<AcceleratorDevice> found) =>
        string.Join("; ", found.Select(one => one.Probe.IsUsable ? $"{one.Probe.Name} is not a GPU" : one.Probe.Refusal));
}
