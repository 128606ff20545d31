namespace FusionKernels.Cli;

/// <summary>One thing that <c>selftest</c> checks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HostOnly">Whether accelerators do not do it.</param>
/// <param name="Run">Checks it on a device, in float64 or float32, with at most so many threads.</param>
internal sealed record SelfTest(string Name, bool HostOnly, Func<ComputeDevice, bool, int, CancellationToken, KernelCheck> Run)
{
    /// <summary>Whether accelerators do it in float32 alone.</summary>
    public bool IsFloat32OnDevices { get; init; }

    /// <summary>Everything that is checked.</summary>
    public static IReadOnlyList<SelfTest> All { get; } =
    [
        .. KernelCheck.Suite.Select(subject => new SelfTest(
            subject.Name, HostOnly: false, (device, float64, threads, cancellation) => KernelCheck.Run(subject, device, float64, threads, cancellation))),
        .. WarpingCheck.Suite,
        .. DecompositionCheck.Suite,
        .. CorrelationCheck.Suite,
        .. AttentionCheck.Suite,
        .. MovingCheck.Suite,
    ];
}
