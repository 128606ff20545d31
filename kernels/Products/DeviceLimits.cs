using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>What a plan must know of a device.</summary>
/// <param name="MaxGroupSize">Threads of a group, at most.</param>
/// <param name="SharedMemoryPerGroup">Bytes of shared memory of a group, at most.</param>
/// <param name="ComputeUnits">Groups that run side by side, at least.</param>
/// <param name="FlopsPerSecond">A rough float32 rate.</param>
internal readonly record struct DeviceLimits(int MaxGroupSize, int SharedMemoryPerGroup, int ComputeUnits, double FlopsPerSecond)
{
    /// <summary>
    /// Seconds that one launch is planned to take at the full rate. Real kernels reach a tenth of it at worst, and then stay
    /// below the half second after which a display's driver grows impatient and a user, too.
    /// </summary>
    private const double LaunchSeconds = 0.05;

    /// <summary>A device's limits.</summary>
    public static DeviceLimits Of(AcceleratorEngine engine) => new(
        engine.MaxGroupSize, engine.SharedMemoryPerGroup, engine.Description.ComputeUnits, engine.EstimatedFlopsPerSecond);

    /// <summary>Groups of one launch.</summary>
    /// <param name="flopsPerGroup">What one group computes.</param>
    public int GroupsPerLaunch(double flopsPerGroup) =>
        (int)Math.Clamp(LaunchSeconds * FlopsPerSecond / Math.Max(1, flopsPerGroup), ComputeUnits, 1 << 24);
}
