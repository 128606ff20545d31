using System.Diagnostics;

namespace FusionKernels.Kernels.Engines;

/// <summary>Collects what one call did, for its <see cref="ExecutionReport"/> and for <see cref="Telemetry"/>; used by one thread at a time.</summary>
/// <param name="operation">The operation's public name.</param>
internal sealed class ExecutionTrace(string operation) : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Activity? _activity = Telemetry.Start(operation);
    private bool _isCompleted;

    /// <summary>Seconds spent compiling kernels.</summary>
    public double CompileSeconds { get; set; }

    /// <summary>Seconds spent copying.</summary>
    public double TransferSeconds { get; private set; }

    /// <summary>Bytes copied to and from the device.</summary>
    public long TransferBytes { get; private set; }

    /// <summary>Seconds spent computing.</summary>
    public double KernelSeconds { get; set; }

    /// <summary>Launches or tiles.</summary>
    public int Tiles { get; set; }

    /// <summary>Plans made again with smaller tiles.</summary>
    public int Retries { get; set; }

    /// <summary>The kernel and its tiles, in words.</summary>
    public string Tiling { get; set; } = "";

    /// <summary>The plan's operations.</summary>
    public double Flops { get; set; }

    /// <summary>The most bytes held at one time.</summary>
    public long PeakBytes { get; set; }

    /// <summary>Missing values that are skipped.</summary>
    public long SkippedValues { get; set; }

    /// <summary>A trace where somebody asks: the caller for a report, or a listener of the process; else null.</summary>
    public static ExecutionTrace? Start(string operation, bool isReported) => isReported || Telemetry.HearsOperations ? new(operation) : null;

    /// <summary>Counts work of the host that began at a timestamp and is done.</summary>
    public void Computed(long started, int tiles)
    {
        KernelSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        Tiles += tiles;
    }

    /// <summary>Counts the call as one piece of computing where no part of it was counted.</summary>
    public void ComputedWhole()
    {
        if (Tiles == 0) Computed(_started, 1);
    }

    /// <summary>Counts a copy that began at a timestamp and is done.</summary>
    public void Transferred(long started, long bytes)
    {
        TransferSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        TransferBytes += bytes;
    }

    /// <summary>Counts an operation that this one is made of, by its report.</summary>
    public void Add(ExecutionReport part)
    {
        CompileSeconds += part.CompileSeconds;
        TransferSeconds += part.TransferSeconds;
        TransferBytes += part.TransferBytes;
        KernelSeconds += part.KernelSeconds;
        Tiles += part.Tiles;
        Retries += part.Retries;
        Flops += part.Flops;
        PeakBytes = Math.Max(PeakBytes, part.PeakBytes);
        SkippedValues += part.SkippedValues;
    }

    /// <summary>Tells whoever asked what ran.</summary>
    public void Complete(Engine engine, string precision, Action<ExecutionReport>? report)
    {
        _isCompleted = true;
        ExecutionReport told = Report(engine, precision);
        Telemetry.Completed(told, _activity);
        report?.Invoke(told);
    }

    /// <summary>Ends the activity; that of an operation that was not completed is an error, and says nothing of what ran.</summary>
    public void Dispose()
    {
        if (!_isCompleted) _activity?.SetStatus(ActivityStatusCode.Error, $"{operation} ended in an exception");
        _activity?.Dispose();
    }

    /// <summary>The finished report.</summary>
    public ExecutionReport Report(Engine engine, string precision) => new(
        operation,
        engine.Name,
        precision,
        Tiling,
        Tiles,
        Retries,
        CompileSeconds,
        TransferSeconds,
        KernelSeconds,
        Stopwatch.GetElapsedTime(_started).TotalSeconds,
        Flops,
        PeakBytes,
        TransferBytes)
    {
        SkippedValues = SkippedValues,
    };
}
