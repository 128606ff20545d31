namespace FusionKernels.Tests.HardUse;

/// <summary>What is still out of a device of a test's own.</summary>
internal static class Held
{
    /// <summary>Buffers that neither were returned nor belong to models that the collector may take.</summary>
    public static int Buffers(ComputeDevice device)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // A call takes back what was finalised before it.
        if (device.Engine is not Kernels.Engines.AcceleratorEngine { IsLost: true }) device.Allocate<float>(1).Dispose();
        return device.Engine.LiveBuffers;
    }
}
