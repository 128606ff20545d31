using System.Diagnostics;
using FusionKernels;

namespace WebService;

/// <summary>What the process holds at one time.</summary>
/// <param name="Elapsed">Since the load began.</param>
/// <param name="Requests">Answered so far.</param>
/// <param name="ManagedBytes">Live objects after a full collection.</param>
/// <param name="WorkingSetBytes">Physical memory.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Handles">Files, sockets and other handles that are open.</param>
/// <param name="DeviceBytes">Memory that the device holds.</param>
internal sealed record LoadSample(TimeSpan Elapsed, long Requests, long ManagedBytes, long WorkingSetBytes, int Threads, int Handles, long DeviceBytes)
{
    /// <summary>Looks at the process.</summary>
    public static LoadSample Take(TimeSpan elapsed, long requests, ComputeDevice device)
    {
        using Process self = Process.GetCurrentProcess();
        return new(elapsed, requests, GC.GetTotalMemory(forceFullCollection: true), self.WorkingSet64, self.Threads.Count, self.HandleCount, device.AllocatedBytes);
    }
}
