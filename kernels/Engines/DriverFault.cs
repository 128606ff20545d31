using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace FusionKernels.Kernels.Engines;

/// <summary>What an exception that came up from a driver means.</summary>
internal static class DriverFault
{
    /// <summary>Whether the driver (or a planned fault) threw it, rather than our own code.</summary>
    public static bool IsDriver(Exception failure) => failure is AcceleratorException or InjectedFaultException;

    /// <summary>Whether the device only lacks memory and lives on.</summary>
    /// <remarks>OpenCL devices place buffers late: the want of memory shows at the first copy or launch as often as at the allocation.</remarks>
    public static bool IsOutOfMemory(Exception failure) => failure switch
    {
        InjectedFaultException injected => injected.Kind == FaultKind.OutOfMemory,
        CudaException cuda => cuda.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException openCL => openCL.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE,
        OutOfMemoryException => true,
        _ => false,
    };

    /// <summary>Whether an exception during a compilation means that the device is gone, not that the kernel is wrong.</summary>
    public static bool IsLostDuringCompilation(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            bool lost = cause switch
            {
                InjectedFaultException injected => injected.Kind == FaultKind.DeviceLost,
                CudaException cuda => cuda.Error is nameof(CudaError.CUDA_ERROR_ILLEGAL_ADDRESS)
                    or nameof(CudaError.CUDA_ERROR_LAUNCH_FAILED)
                    or nameof(CudaError.CUDA_ERROR_LAUNCH_TIMEOUT)
                    or nameof(CudaError.CUDA_ERROR_MISALIGNED_ADDRESS)
                    or nameof(CudaError.CUDA_ERROR_ILLEGAL_INSTRUCTION)
                    or nameof(CudaError.CUDA_ERROR_ECC_UNCORRECTABLE)
                    or nameof(CudaError.CUDA_ERROR_CONTEXT_IS_DESTROYED)
                    or nameof(CudaError.CUDA_ERROR_DEINITIALIZED),
                CLException openCL => openCL.Error is CLError.CL_DEVICE_NOT_AVAILABLE or CLError.CL_INVALID_CONTEXT,
                _ => false,
            };
            if (lost) return true;
        }

        return false;
    }

    /// <summary>The message of the innermost cause, in one line: what the compiler or the driver said.</summary>
    public static string InnermostMessage(Exception failure)
    {
        Exception cause = failure;
        while (cause.InnerException is { } inner) cause = inner;
        return cause.Message.ReplaceLineEndings(" ").Trim();
    }
}
