namespace FusionKernels;

/// <summary>The device that was asked for does not exist or cannot be used.</summary>
/// <param name="requested">The name that was asked for.</param>
/// <param name="probes">Every device probed, each with the reason it was refused.</param>
public sealed class DeviceNotFoundException(string requested, IReadOnlyList<string> probes)
    : FusionKernelsException($"no device '{requested}': {(probes.Count == 0 ? "nothing was found to probe" : string.Join("; ", probes))}", "Open", requested)
{
    /// <summary>The name that was asked for.</summary>
    public string Requested { get; } = requested;

    /// <summary>Every device probed, each with the reason it was refused.</summary>
    public IReadOnlyList<string> Probes { get; } = probes;
}
