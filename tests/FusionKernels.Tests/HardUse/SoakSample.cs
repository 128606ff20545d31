using FusionKernels.Kernels.Engines;

namespace FusionKernels.Tests.HardUse;

/// <summary>What the process holds at a moment.</summary>
/// <param name="Minute">Minutes since the beginning.</param>
/// <param name="Calls">Calls answered so far.</param>
/// <param name="HeapBytes">The managed heap after a collection.</param>
/// <param name="WorkingBytes">Memory of the process.</param>
/// <param name="DeviceBytes">Bytes that the engine holds, the pool's with them.</param>
/// <param name="LiveBuffers">Buffers handed out and not returned.</param>
/// <param name="Files">Open files, pipes and sockets; 0 where the system does not tell.</param>
/// <param name="Threads">Threads of the process.</param>
internal sealed record SoakSample(double Minute, long Calls, long HeapBytes, long WorkingBytes, long DeviceBytes, int LiveBuffers, int Files, int Threads)
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Takes a sample, after a collection.</summary>
    public static SoakSample Take(double minute, long calls, Engine engine)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        using System.Diagnostics.Process self = System.Diagnostics.Process.GetCurrentProcess();
        int files = Directory.Exists(Descriptors) ? Directory.GetFileSystemEntries(Descriptors).Length : 0;
        return new(minute, calls, heap, self.WorkingSet64, engine.AllocatedBytes, engine.LiveBuffers, files, self.Threads.Count);
    }
}
