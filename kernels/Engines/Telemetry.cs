using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FusionKernels.Kernels.Engines;

/// <summary>What listeners of the process hear: one activity source and the instruments of one meter, both named <see cref="Name"/>. docs/telemetry.md lists them.</summary>
/// <remarks>Engines record copies and compilations where they happen, whoever asked; an <see cref="ExecutionTrace"/> records an operation at its end.</remarks>
internal static class Telemetry
{
    /// <summary>The name of source and meter.</summary>
    public const string Name = "FusionKernels";

    /// <summary>Tags.</summary>
    public const string Device = "fusionkernels.device", Operation = "fusionkernels.operation", Precision = "fusionkernels.precision", Kernel = "fusionkernels.kernel";

    private const string Direction = "fusionkernels.direction";

    private static readonly ActivitySource s_source = new(Name, Version);
    private static readonly Meter s_meter = NewMeter();
    private static readonly Histogram<double> s_operation = s_meter.CreateHistogram<double>("fusionkernels.operation.duration", "s", "Wall time of an operation.");
    private static readonly Histogram<double> s_kernel = s_meter.CreateHistogram<double>("fusionkernels.kernel.duration", "s", "Time that an operation spent computing.");
    private static readonly Histogram<double> s_compile = s_meter.CreateHistogram<double>("fusionkernels.compile.duration", "s", "Time that compiling one kernel took.");
    private static readonly Counter<long> s_transferred = s_meter.CreateCounter<long>("fusionkernels.transfer.size", "By", "Bytes copied between host and device.");
    private static readonly Counter<long> s_tiles = s_meter.CreateCounter<long>("fusionkernels.tiles", "{tile}", "Launches or tiles of operations.");
    private static readonly Counter<long> s_retries = s_meter.CreateCounter<long>("fusionkernels.retries", "{retry}", "Operations planned again with smaller tiles for want of memory.");

    /// <summary>The library's version, for source and meters.</summary>
    public static string? Version => typeof(Telemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>Whether anybody listens to what operations tell at their end.</summary>
    public static bool HearsOperations => s_source.HasListeners() || s_operation.Enabled || s_kernel.Enabled || s_tiles.Enabled || s_retries.Enabled;

    /// <summary>A meter of that name, for instruments that live as long as a device.</summary>
    public static Meter NewMeter() => new(Name, Version);

    /// <summary>Starts the activity of an operation; null where nobody listens or samples it.</summary>
    public static Activity? Start(string operation) => s_source.StartActivity(operation);

    /// <summary>Tells of an operation that came to its end.</summary>
    public static void Completed(ExecutionReport report, Activity? activity)
    {
        TagList tags = new() { { Operation, report.Operation }, { Device, report.Device }, { Precision, report.Precision } };
        s_operation.Record(report.TotalSeconds, tags);
        s_kernel.Record(report.KernelSeconds, tags);
        s_tiles.Add(report.Tiles, tags);
        if (report.Retries > 0) s_retries.Add(report.Retries, tags);
        if (activity is not { IsAllDataRequested: true }) return;
        activity.SetTag(Device, report.Device).SetTag(Precision, report.Precision).SetTag("fusionkernels.tiling", report.Tiling)
            .SetTag("fusionkernels.tiles", report.Tiles).SetTag("fusionkernels.retries", report.Retries)
            .SetTag("fusionkernels.compile.seconds", report.CompileSeconds).SetTag("fusionkernels.kernel.seconds", report.KernelSeconds)
            .SetTag("fusionkernels.transfer.seconds", report.TransferSeconds).SetTag("fusionkernels.transfer.bytes", report.TransferBytes)
            .SetTag("fusionkernels.flops", report.Flops).SetTag("fusionkernels.peak.bytes", report.PeakBytes);
    }

    /// <summary>Tells of a kernel that was compiled since a timestamp.</summary>
    public static void Compiled(string device, string kernel, long started)
    {
        if (s_compile.Enabled) s_compile.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>(Device, device), new(Kernel, kernel));
    }

    /// <summary>Tells of bytes that were copied.</summary>
    public static void Transferred(string device, long bytes, bool upload)
    {
        if (s_transferred.Enabled) s_transferred.Add(bytes, new KeyValuePair<string, object?>(Device, device), new(Direction, upload ? "upload" : "download"));
    }
}
