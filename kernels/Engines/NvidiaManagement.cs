using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.Cuda.API;

namespace FusionKernels.Kernels.Engines;

/// <summary>What NVIDIA's management library (NVML, part of the driver) tells; nothing where it is not there or does not start.</summary>
internal static class NvidiaManagement
{
    private static readonly Lazy<NvmlAPI?> s_library = new(Start);

    /// <summary>The driver's own version, e.g. <c>580.65.06</c>; null where nobody tells.</summary>
    public static string? DriverVersion => s_library.Value is { } nvml && nvml.SystemGetDriverVersion(out string? version) == NvmlReturn.NVML_SUCCESS ? version : null;

    /// <summary>Joules that a GPU took since its driver was loaded, which GPUs since Volta count; null where it does not.</summary>
    /// <param name="busId">Its PCI address as NVML writes it.</param>
    public static double? Joules(string busId) =>
        s_library.Value is { } nvml
        && nvml.DeviceGetHandleByPciBusId(busId, out nint device) == NvmlReturn.NVML_SUCCESS
        && nvml.DeviceGetTotalEnergyConsumption(device, out ulong millijoules) == NvmlReturn.NVML_SUCCESS
            ? millijoules / 1e3
            : null;

    private static NvmlAPI? Start()
    {
        try
        {
            NvmlAPI nvml = NvmlAPI.Create(null);
            return nvml.Init() == NvmlReturn.NVML_SUCCESS ? nvml : null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or NotSupportedException or BadImageFormatException)
        {
            return null;
        }
    }
}
