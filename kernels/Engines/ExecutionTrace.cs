using System.Diagnostics;

namespace FusionKernels.Kernels.Engines;

/// <summary>Collects what one call did, for its <see cref="ExecutionReport"/>; used by one thread at a time.</summary>
/// <param name="operation">The operation's public name.</param>
internal sealed class ExecutionTrace(string operation)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Seconds spent compiling kernels.</summary>
    public double CompileSeconds { get; set; }

    /// <summary>Seconds spent copying.</summary>
    public double TransferSeconds { get; set; }

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

    /// <summary>Counts work of the host that began at a timestamp and is done.</summary>
    public void Computed(long started, int tiles)
    {
        KernelSeconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        Tiles += tiles;
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
        PeakBytes);
}
