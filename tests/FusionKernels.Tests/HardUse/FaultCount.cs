using FusionKernels.Kernels.Engines;

namespace FusionKernels.Tests.HardUse;

/// <summary>Where in a call a fault can be planted.</summary>
internal static class FaultCount
{
    /// <summary>How many events of a kind a call has.</summary>
    public static int Of(AcceleratorEngine engine, FaultPoint point, Action call)
    {
        engine.Faults = new(point, int.MaxValue, FaultKind.DeviceLost);
        call();
        int events = engine.Faults.Passed;
        engine.Faults = null;
        return events;
    }
}
