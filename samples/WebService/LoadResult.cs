using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FusionKernels;

namespace WebService;

/// <summary>What a load found.</summary>
/// <param name="Samples">The process through the load; the last after its end.</param>
/// <param name="Latencies">The times of the requests.</param>
/// <param name="Failures">Wrong, failed or hanging requests.</param>
internal sealed record LoadResult(IReadOnlyList<LoadSample> Samples, Latencies Latencies, IReadOnlyList<string> Failures)
{
    /// <summary>Live objects may grow so much while tiers of code, pools of connections and caches settle.</summary>
    private const long AllowedGrowth = 8 << 20;

    /// <summary>Physical memory may, which the collector takes ahead of need.</summary>
    private const long AllowedWorkingSet = 32 << 20;

    /// <summary>Threads and handles may: the pool's threads come and go with the load.</summary>
    private const int AllowedHandles = 32;

    /// <summary>When a fifth of the load was over.</summary>
    private LoadSample Settled => Samples[Samples.Count / 5];

    /// <summary>Managed bytes that came on top since a fifth of the load was over.</summary>
    public long Growth => Samples[^1].ManagedBytes - Settled.ManagedBytes;

    /// <summary>Whether memory, threads, handles and device memory stayed what they were.</summary>
    public bool IsFlat =>
        Growth <= AllowedGrowth
        && Samples[^1].WorkingSetBytes - Settled.WorkingSetBytes <= AllowedWorkingSet
        && Samples[^1].Threads - Settled.Threads <= AllowedHandles
        && Samples[^1].Handles - Settled.Handles <= AllowedHandles
        && Samples[^1].DeviceBytes <= Samples[0].DeviceBytes;

    /// <summary>Whether every answer was the same, nothing hung and nothing grew.</summary>
    public bool IsGood => Failures.Count == 0 && Latencies.Count > 0 && IsFlat;

    /// <summary>The log of the run.</summary>
    public string ToMarkdown(ComputeDevice device, ServiceOptions options)
    {
        StringBuilder log = new();
        log.AppendLine("# A web service under load\n");
        log.AppendLine(CultureInfo.InvariantCulture, $"`samples/WebService --clients {options.Clients} --seconds {options.Seconds:0.#}` on {device.Description.Model}, {RuntimeInformation.FrameworkDescription}; the clients run in the process of the service.\n");
        log.AppendLine(CultureInfo.InvariantCulture, $"{Latencies.Count} requests, {Latencies.Count / Samples[^1].Elapsed.TotalSeconds:0} per second; latency {Latencies.Within(0.5):0.00} ms (median), {Latencies.Within(0.99):0.00} ms (99 %), {Latencies.Within(1):0.0} ms (longest).");
        log.AppendLine(CultureInfo.InvariantCulture, $"{(Failures.Count == 0 ? "Every answer equals the first of its kind byte for byte; none failed or hung." : $"{Failures.Count} failures: {string.Join("; ", Failures.Take(10))}")}");
        log.AppendLine(CultureInfo.InvariantCulture, $"The process {(IsFlat ? "did not grow" : "GREW")}: live objects {Growth / 1024.0:+0;-0} KiB from a fifth of the load to its end, working set {(Samples[^1].WorkingSetBytes - Settled.WorkingSetBytes) / 1048576.0:+0;-0} MiB, threads {Samples[^1].Threads - Settled.Threads:+0;-0;0}, handles {Samples[^1].Handles - Settled.Handles:+0;-0;0}. {(IsGood ? "Good." : "NOT GOOD.")}\n");
        log.AppendLine("| seconds | requests | live objects, MiB | working set, MiB | threads | handles | device memory, bytes |");
        log.AppendLine("|---|---|---|---|---|---|---|");
        foreach (LoadSample sample in Samples)
        {
            log.AppendLine(CultureInfo.InvariantCulture, $"| {sample.Elapsed.TotalSeconds:0} | {sample.Requests} | {sample.ManagedBytes / 1048576.0:0.00} | {sample.WorkingSetBytes / 1048576.0:0} | {sample.Threads} | {sample.Handles} | {sample.DeviceBytes} |");
        }

        return log.ToString();
    }
}
