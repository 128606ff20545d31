namespace FusionKernels.Tests.HardUse;

/// <summary>Where and how a public operation is called.</summary>
/// <param name="Device">The device; null for what runs on the host alone.</param>
/// <param name="Threads">At most so many threads of the host.</param>
/// <param name="Cancellation">The caller's token.</param>
internal sealed record CallSite(ComputeDevice? Device, int Threads = 0, CancellationToken Cancellation = default)
{
    /// <summary>Told what ran.</summary>
    public Action<ExecutionReport>? Report { get; init; }

    /// <summary>The options of any operation, with place and token of this call.</summary>
    public T In<T>(T options)
        where T : ExecutionOptions => (T)((ExecutionOptions)options with { Device = Device, Threads = Threads, Cancellation = Cancellation, Report = Report });

    /// <summary>The same for what trains.</summary>
    public T Train<T>(T options)
        where T : TrainingOptions => (T)((TrainingOptions)options with { Device = Device, Threads = Threads, Cancellation = Cancellation });

    /// <summary>Options that say nothing else.</summary>
    public ExecutionOptions Plain => In(new ExecutionOptions());
}
