using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace FusionKernels.Kernels.Engines;

/// <summary>A device that ILGPU can drive, with what is needed to open it; or the reason why not.</summary>
/// <param name="Probe">What was found.</param>
/// <param name="Device">The device; null when it was refused.</param>
/// <param name="FlopsPerSecond">A rough float32 rate.</param>
/// <param name="IsGpu">Whether it is a GPU.</param>
internal sealed record AcceleratorDevice(DeviceProbe Probe, Device? Device, double FlopsPerSecond, bool IsGpu)
{
    /// <summary>Opens it.</summary>
    public AcceleratorEngine Open() => new(Probe.Description!, Device!, FlopsPerSecond);
}

/// <summary>Looks for the devices that ILGPU can drive. Creates no accelerator; needs no driver to be present.</summary>
internal static class AcceleratorDevices
{
    /// <summary>Float32 lanes of a CUDA multiprocessor since compute capability 7 (64 or 128); an estimate wants the larger.</summary>
    private const double CudaLanes = 128;

    /// <summary>Float32 lanes of an OpenCL GPU's compute unit: 64 on AMD, fewer on others.</summary>
    private const double OpenCLLanes = 64;

    /// <summary>What an OpenCL CPU device reached per core with ILGPU's kernels.</summary>
    private const double OpenCLCpuCoreRate = 4e9;

    /// <summary>What the simulation reaches.</summary>
    private const double SimulatedRate = 5e8;

    /// <summary>Threads of a simulated group: enough for every kernel, few enough for a machine with few cores.</summary>
    private const int SimulatedGroup = 256;

    /// <summary>What drives them, for reports that tell its version.</summary>
    public static System.Reflection.Assembly Library => typeof(ILGPU.Context).Assembly;

    /// <summary>Every CUDA device, or one entry that says why there is none.</summary>
    public static List<AcceleratorDevice> FindCuda()
    {
        if (!NativeDrivers.HasCuda) return [Refused("cuda", $"no CUDA driver library ({NativeDrivers.CudaNames})")];
        try
        {
            if (!CudaAPI.CurrentAPI.IsSupported) return [Refused("cuda", "the CUDA driver did not initialise: no NVIDIA GPU is visible to this process")];
            List<AcceleratorDevice> found = [];
            foreach (CudaDevice device in CudaDevice.GetDevices(static _ => true).Cast<CudaDevice>()) found.Add(Describe(device, found));
            return found.Count == 0 ? [Refused("cuda", "the CUDA driver lists no device")] : found;
        }
        catch (Exception failure) // a broken driver must not take the other devices with it
        {
            return [Refused("cuda", $"the CUDA driver failed: {DriverFault.InnermostMessage(failure)}")];
        }
    }

    /// <summary>Every OpenCL device, usable or refused with the reason, or one entry that says why there is none.</summary>
    public static List<AcceleratorDevice> FindOpenCL()
    {
        if (!NativeDrivers.HasOpenCL) return [Refused("opencl", $"no OpenCL library ({NativeDrivers.OpenCLNames})")];
        try
        {
            if (!CLAPI.CurrentAPI.IsSupported) return [Refused("opencl", "the OpenCL library lists no platform: no OpenCL driver is installed")];
            CLAPI.CurrentAPI.GetNumPlatforms(out int count);
            nint[] platforms = new nint[count];
            CLAPI.CurrentAPI.GetPlatforms(platforms, ref count);
            List<AcceleratorDevice> found = [];
            foreach (nint platform in platforms) AddDevices(platform, found);
            return found.Count == 0 ? [Refused("opencl", "the OpenCL platforms list no device")] : found;
        }
        catch (Exception failure) // as above
        {
            return [Refused("opencl", $"OpenCL failed: {DriverFault.InnermostMessage(failure)}")];
        }
    }

    /// <summary>ILGPU's simulated device.</summary>
    /// <param name="warpSize">Threads that run in step: 4, 16, 32 or 64 on known hardware.</param>
    public static AcceleratorDevice Simulated(int warpSize)
    {
        CPUDevice device = new(warpSize, SimulatedGroup / warpSize, numMultiprocessors: 1);
        DeviceDescription description = new(
            "ilgpu-cpu",
            DeviceKind.IlgpuCpu,
            $"simulated device with warps of {warpSize}",
            $"ILGPU {ILGPU.Context.Version}",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            1,
            warpSize,
            SupportsFloat64: true);
        return new(new("ilgpu-cpu", description, null), device, SimulatedRate, false);
    }

    private static AcceleratorDevice Refused(string name, string reason) => new(new(name, null, reason), null, 0, false);

    private static AcceleratorDevice Describe(CudaDevice device, List<AcceleratorDevice> before)
    {
        if (device.Architecture is not { } architecture || device.InstructionSet is null)
        {
            return Refused($"cuda ({device.Name})", "its compute capability is older than ILGPU's oldest (3.0), or the driver is too old for it");
        }

        DeviceDescription description = new(
            new DeviceName(DeviceKind.Cuda, before.Count(one => one.Probe.IsUsable)).ToString(),
            DeviceKind.Cuda,
            device.Name,
            $"CUDA {device.DriverVersion}{(NvidiaManagement.DriverVersion is { } driver ? $", driver {driver}" : "")}, compute capability {architecture.Major}.{architecture.Minor}",
            device.MemorySize,
            device.NumMultiprocessors,
            device.WarpSize,
            SupportsFloat64: true);
        return new(new(description.Name, description, null), device, device.NumMultiprocessors * CudaLanes * 2 * device.ClockRate * 1e6, true);
    }

    private static void AddDevices(nint platform, List<AcceleratorDevice> found)
    {
        const int most = 64;
        nint[] devices = new nint[most];
        if (CLAPI.CurrentAPI.GetDevices(platform, CLDeviceType.CL_DEVICE_TYPE_ALL, devices, out int count) != CLError.CL_SUCCESS) return;
        foreach (nint device in devices.AsSpan(0, Math.Min(count, most))) found.Add(Describe(platform, device, found));
    }

    private static AcceleratorDevice Describe(nint platform, nint id, List<AcceleratorDevice> before)
    {
        CLDevice device;
        try
        {
            device = new CLDevice(platform, id);
        }
        catch (Exception failure) // one driver's bad answer must not hide the other devices
        {
            return Refused("opencl", $"a device did not describe itself: {DriverFault.InnermostMessage(failure)}");
        }

        if (Refusal(device) is { } reason) return Refused($"opencl ({device.Name})", reason);
        bool isGpu = device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU);
        bool isCpu = device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);
        DeviceDescription description = new(
            new DeviceName(DeviceKind.OpenCL, before.Count(one => one.Probe.IsUsable)).ToString(),
            DeviceKind.OpenCL,
            device.Name.Trim(),
            PlatformOf(device),
            device.MemorySize,
            device.NumMultiprocessors,
            isCpu ? 1 : Math.Max(1, device.WarpSize),
            device.Capabilities.Float64);
        double rate = isCpu
            ? device.NumMultiprocessors * OpenCLCpuCoreRate
            : device.NumMultiprocessors * OpenCLLanes * 2 * device.ClockRate * 1e6;
        return new(new(description.Name, description, null), device, rate, isGpu);
    }

    private static string? Refusal(CLDevice device)
    {
        if (device.GetDeviceInfo<int>(CLDeviceInfoType.CL_DEVICE_AVAILABLE) == 0) return "its driver says that it is not available";
        if (device.CLStdVersion < CLCVersion.CL20) return $"it has OpenCL C {device.CLStdVersion}; 2.0 or later is needed";
        if (!device.Capabilities.GenericAddressSpace) return $"it has no generic address space (optional in {device.DeviceVersion}), which ILGPU's kernels need";
        return null;
    }

    /// <summary>The driver's own words, e.g. <c>OpenCL 3.0 PoCL 6.0</c>, of which what follows a comma or two blanks tells of its build; and its version where that is another.</summary>
    private static string PlatformOf(CLDevice device)
    {
        string version = CLAPI.CurrentAPI.GetPlatformInfo(device.PlatformId, CLPlatformInfoType.CL_PLATFORM_VERSION);
        string platform = version.Split(',', 2)[0].Split("  ", 2)[0].Trim(), driver = CLAPI.CurrentAPI.GetDeviceInfo(device.DeviceId, CLDeviceInfoType.CL_DRIVER_VERSION).Split(',', 2)[0].Trim();
        return platform.Contains(driver, StringComparison.Ordinal) ? platform : $"{platform}, driver {driver}";
    }
}
