namespace FusionKernels;

/// <summary>How and where an operation runs, beside what it computes; the options of every family derive from this.</summary>
public record class ExecutionOptions
{
    /// <summary>The device that runs the operation; null (the default) for the device of the operands, or <see cref="ComputeDevice.Default"/> where they are in host memory.</summary>
    public ComputeDevice? Device { get; init; }

    /// <summary>At most this many threads of the host compute; 0 (the default) for one per core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Cancels at the next tile boundary, with everything returned; never by default.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told the fraction done, 0 to 1, at tile boundaries, on the thread that computes; null (the default) for nobody.</summary>
    /// <remarks>
    /// The computation waits until the report returns. Calls of the library from within it run on its thread alone; to wait in it for a
    /// call that another thread makes on the same device is to wait forever.
    /// </remarks>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Told once, at the end, what ran and how long each part took; null (the default) for nobody.</summary>
    public Action<ExecutionReport>? Report { get; init; }
}
