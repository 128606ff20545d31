namespace FusionKernels.Cli;

/// <summary>Which devices this machine has, in the order in which the tool shows them.</summary>
internal static class DeviceSurvey
{
    /// <summary>The devices that can be opened.</summary>
    /// <exception cref="UsageException"><c>FUSIONKERNELS_SIMD</c> asks for what this machine lacks.</exception>
    public static IReadOnlyList<DeviceDescription> Usable() => [.. Probe().Where(probe => probe.IsUsable).Select(probe => probe.Description!)];

    /// <summary>Everything that was looked for.</summary>
    /// <inheritdoc cref="Usable"/>
    public static IReadOnlyList<DeviceProbe> Probe()
    {
        try
        {
            return ComputeDevice.Probe();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Failure.WithoutParameter(exception));
        }
        catch (PlatformNotSupportedException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
