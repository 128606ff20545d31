using System.Diagnostics.CodeAnalysis;

namespace FusionKernels.Kernels.Engines;

/// <summary>The accelerators of this machine. Behind <see cref="Accelerators.AreSupported"/>.</summary>
/// <remarks>Drivers are asked once per process; nothing is opened before it is asked for.</remarks>
[RequiresDynamicCode(Accelerators.Requirement)]
[RequiresUnreferencedCode(Accelerators.Requirement)]
internal static class AcceleratorCatalog
{
    /// <summary>The warp size of <c>ilgpu-cpu</c>: that of the devices it stands for.</summary>
    public const int DefaultSimulatedWarp = 32;

    private static readonly Lazy<IReadOnlyList<AcceleratorDevice>> s_cuda = new(AcceleratorDevices.FindCuda);
    private static readonly Lazy<IReadOnlyList<AcceleratorDevice>> s_openCL = new(AcceleratorDevices.FindOpenCL);

    /// <summary>Everything of a kind that was looked for, the refused with their reasons.</summary>
    public static IEnumerable<DeviceProbe> Probe(DeviceKind kind) => kind == DeviceKind.IlgpuCpu
        ? [AcceleratorDevices.Simulated(DefaultSimulatedWarp).Probe]
        : Found(kind).Select(one => one.Probe);

    /// <summary>Opens a device; null where there is none of that name.</summary>
    /// <exception cref="DeviceNotFoundException">It did not open.</exception>
    public static Engine? TryOpen(DeviceName name) => name.Kind == DeviceKind.IlgpuCpu
        ? OpenSimulated(DefaultSimulatedWarp)
        : Found(name.Kind!.Value).Where(one => one.Device is not null).ElementAtOrDefault(name.Index)?.Open();

    /// <summary>Opens ILGPU's simulated device with warps of another size, for tests.</summary>
    public static AcceleratorEngine OpenSimulated(int warpSize) => AcceleratorDevices.Simulated(warpSize).Open();

    /// <summary>Whether there is a CUDA device or an OpenCL GPU. Opens nothing.</summary>
    public static bool HasBest => s_cuda.Value.Any(one => one.Device is not null) || s_openCL.Value.Any(one => one.IsGpu);

    /// <summary>A CUDA device, else an OpenCL GPU, else null; the sentence tells what was taken, or what was passed over.</summary>
    public static Engine? TryOpenBest(out string why)
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
        return null;
    }

    private static IReadOnlyList<AcceleratorDevice> Found(DeviceKind kind) => kind == DeviceKind.Cuda ? s_cuda.Value : s_openCL.Value;

    private static string Reasons(IEnumerable<AcceleratorDevice> found) =>
        string.Join("; ", found.Select(one => one.Probe.IsUsable ? $"{one.Probe.Name} is not a GPU" : one.Probe.Refusal));
}
