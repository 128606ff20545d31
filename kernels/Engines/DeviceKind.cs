namespace FusionKernels;

/// <summary>What runs the kernels of a device.</summary>
public enum DeviceKind
{
    /// <summary>The processor, by SIMD code on all cores; named <c>host</c>.</summary>
    Host,

    /// <summary>An NVIDIA GPU through its driver; named <c>cuda:0</c>, <c>cuda:1</c>, …</summary>
    Cuda,

    /// <summary>An OpenCL 2.0 device with generic address space; named <c>opencl:0</c>, <c>opencl:1</c>, …</summary>
    OpenCL,

    /// <summary>ILGPU's simulated device, for checking device kernels, never for speed; named <c>ilgpu-cpu</c>.</summary>
    IlgpuCpu,
}
