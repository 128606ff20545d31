using System.Text.RegularExpressions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace FusionKernels.Tests.Codegen;

/// <summary>Compiles kernels to PTX and to OpenCL C, and reads what came out. Needs neither device nor driver.</summary>
internal sealed partial class KernelText : IDisposable
{
    /// <summary>The vendor in whose dialect OpenCL C is written: any other, so the plain one.</summary>
    private const CLDeviceVendor AnyVendor = CLDeviceVendor.Other;

    private readonly Context _context = AcceleratorEngine.CreateContext();

    /// <summary>The kernel for one NVIDIA architecture.</summary>
    public string Ptx(DeviceKernel kernel, CudaArchitecture architecture)
    {
        using PTXBackend backend = new(_context, architecture, InstructionSet(architecture), null!);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method);
        return ((PTXCompiledKernel)backend.Compile(entry, kernel.Specialization)).PTXAssembly;
    }

    /// <summary>The kernel in OpenCL C.</summary>
    public string OpenCL(DeviceKernel kernel)
    {
        using CLBackend backend = new(_context, new CLCapabilityContext(float16: false, float64: true, genericAddressSpace: true, int64_Atomics: true, subGroups: false), AnyVendor, CLCVersion.CL20);
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method);
        return ((CLCompiledKernel)backend.Compile(entry, kernel.Specialization)).Source;
    }

    /// <summary>Bytes of shared memory of a group.</summary>
    public static int SharedBytes(string ptx) => SharedAllocation().Matches(ptx).Sum(match => int.Parse(match.Groups[1].ValueSpan));

    /// <summary>Occurrences of a word.</summary>
    public static int Count(string text, string word) => Regex.Count(text, Regex.Escape(word));

    public void Dispose() => _context.Dispose();

    /// <summary>The oldest instruction set that knows the architecture, but none older than a driver of this decade offers.</summary>
    private static CudaInstructionSet InstructionSet(CudaArchitecture architecture) => architecture.Major switch
    {
        >= 9 => CudaInstructionSet.ISA_80,
        8 when architecture.Minor > 0 => CudaInstructionSet.ISA_78,
        _ => CudaInstructionSet.ISA_70,
    };

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\w+\[(\d+)\]")]
    private static partial Regex SharedAllocation();
}
