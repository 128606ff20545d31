using ILGPU.Runtime;

namespace FusionKernels.Kernels.Engines;

/// <content>What kernels may count on; plans choose by these, never by the kind of device.</content>
internal sealed partial class AcceleratorEngine
{
    /// <summary>What ILGPU can give a group on CUDA without a driver call of its own; planned everywhere, so that one tile fits all.</summary>
    private const int PlannedSharedBytes = 48 * 1024;

    /// <summary>Threads that run in step; 1 where nothing is promised (OpenCL, whose "warp" is a hint about group sizes).</summary>
    public int WarpSize => Description.WarpSize;

    /// <summary>Whether <c>Warp.Shuffle*</c> works: on CUDA and in the simulation.</summary>
    /// <remarks>Tests leave it out.</remarks>
    public bool SupportsWarpShuffles { get; set; }

    /// <summary>Whether a group's threads run side by side, so that few pieces of work are worth sharing at a barrier a step: not on OpenCL CPUs.</summary>
    /// <remarks>Tests ask for it.</remarks>
    public bool HasCheapBarriers { get; set; }

    /// <summary>Whether float64 kernels run.</summary>
    public bool SupportsFloat64 => Description.SupportsFloat64;

    /// <summary>Threads of a group, at most.</summary>
    public int MaxGroupSize => _accelerator.MaxNumThreadsPerGroup;

    /// <summary>Bytes of shared memory of a group, at most.</summary>
    public int SharedMemoryPerGroup => Math.Min(_accelerator.MaxSharedMemoryPerGroup, PlannedSharedBytes);

    /// <summary>A rough float32 rate, by which plans keep one launch under about a twentieth of a second.</summary>
    public double EstimatedFlopsPerSecond { get; }

    /// <summary>Joules that the device took since its driver was loaded; null where nobody tells.</summary>
    public double? JoulesSpent => _accelerator is ILGPU.Runtime.Cuda.CudaAccelerator cuda ? NvidiaManagement.Joules(cuda.NVMLPCIBusId) : null;

    /// <summary>The driver's count of free bytes; what the limit leaves where the driver does not tell.</summary>
    private long FreeBytes
    {
        get
        {
            long left = Math.Max(0, MemoryLimit - AllocatedBytes);
            if (_accelerator is not ILGPU.Runtime.Cuda.CudaAccelerator cuda || _lost || !_lane.IsCurrent) return left;
            try
            {
                return Math.Min(left, cuda.GetFreeMemory());
            }
            catch (AcceleratorException) // the number only decorates a message
            {
                return left;
            }
        }
    }
}
