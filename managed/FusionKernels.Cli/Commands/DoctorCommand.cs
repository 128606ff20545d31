using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>doctor</c>: what this machine offers, what was refused, how fast it is and whether it computes right.</summary>
internal sealed class DoctorCommand() : ComputingVerb(
    "doctor",
    "Tell what was probed and refused, versions, SIMD width, measured peaks, and check every device for two seconds.",
    "doctor",
    "doctor --device opencl:0",
    "doctor --json > report.json")
{
    private static readonly TimeSpan s_checkTime = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        SystemReport system = SystemReport.Read();
        IReadOnlyList<DeviceProbe> probes = DeviceSurvey.Probe();
        (string why, bool isAutoThere) = Auto();
        bool float64 = IsFloat64(arguments);
        List<OpenedDevice> devices = OpenDevices(arguments, float64);
        try
        {
            int threads = arguments.GetValue(Threads);
            List<DeviceHealth> health = terminal.WithProgress("doctor", progress => Examine(devices, float64, threads, progress, cancellation));
            if (arguments.GetValue(Json))
            {
                terminal.WriteJson(new
                {
                    system,
                    refused = probes.Where(probe => !probe.IsUsable).Select(probe => new { probe.Name, reason = probe.Refusal }),
                    auto = why,
                    precision = PrecisionName(float64),
                    devices = health,
                });
            }
            else
            {
                Show(terminal.Console, system, probes, why, health, PrecisionName(float64));
            }

            return isAutoThere && health.All(device => device.Healthy) ? ExitCode.Success : ExitCode.Failure;
        }
        finally
        {
            foreach (OpenedDevice device in devices) device.Dispose();
        }
    }

    /// <summary>What <c>auto</c> takes and why, or why it takes nothing: the examination goes on, for that is what it is for.</summary>
    private static (string Why, bool IsThere) Auto()
    {
        try
        {
            using ComputeDevice chosen = OpenDevice("auto");
            return (chosen.Why, true);
        }
        catch (Exception exception) when (exception is UsageException or DeviceNotFoundException)
        {
            return (Failure.Of(exception).Message, false);
        }
    }

    /// <summary>Examines every device; one that did not open is not healthy for that.</summary>
    internal static List<DeviceHealth> Examine(
        List<OpenedDevice> devices, bool float64, int threads, IProgress<Step> progress, CancellationToken cancellation)
    {
        List<DeviceHealth> health = [];
        foreach (OpenedDevice device in devices)
        {
            progress.Report(new((double)health.Count / devices.Count, $"{device.Description.Name}: peaks and self-test"));
            health.Add(device.Device is { } open
                ? Examine(open, float64, threads, cancellation)
                : new(DeviceRow.Of(device.Description), null, null, 0, 0, KernelCheck.Suite.Count, null, device.Error));
        }

        return health;
    }

    private static DeviceHealth Examine(ComputeDevice device, bool float64, int threads, CancellationToken cancellation)
    {
        DevicePeaks peaks;
        try
        {
            peaks = DevicePeaks.Measure(device, float64, threads, cancellation);
        }
        catch (FusionKernelsException exception)
        {
            return new(DeviceRow.Of(device.Description), null, null, 0, 0, KernelCheck.Suite.Count, null, Failure.Of(exception).Message);
        }

        List<KernelCheck> checks = [];
        long started = Stopwatch.GetTimestamp();
        foreach (var subject in KernelCheck.Suite)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > s_checkTime) break;
            checks.Add(KernelCheck.Run(subject, device, float64, threads, cancellation));
        }

        KernelCheck? failed = checks.FirstOrDefault(check => !check.Passed);
        return new(
            DeviceRow.Of(device.Description),
            peaks.FlopsPerSecond / 1e9,
            peaks.CopyBytesPerSecond / 1e9,
            checks.Count(check => check.Passed),
            checks.Count(check => !check.Passed),
            KernelCheck.Suite.Count - checks.Count,
            checks.Max(check => check.Deviation),
            failed is null ? null : $"{failed.KernelName}: {failed.Error ?? $"deviates by {Units.Deviation(failed.Deviation!.Value)}"}");
    }

    private static void Show(
        IAnsiConsole console, SystemReport system, IReadOnlyList<DeviceProbe> probes, string why, List<DeviceHealth> health, string precision)
    {
        (string Name, string Value)[] facts = [.. system.Facts, ("auto", why)];
        int width = facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in facts) console.MarkupLineInterpolated($"[bold]{name.PadRight(width)}[/]  {value}");
        console.Write(DeviceRow.Table(probes));
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("device");
        foreach (string name in (ReadOnlySpan<string>)[$"FMA peak, {precision}", "copy", "self-test", "largest deviation"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        table.AddColumn("verdict");
        foreach (DeviceHealth one in health)
        {
            table.AddRow(
                Markup.Escape(one.Device.Name),
                one.PeakGflops is { } peak ? Units.Flops(peak * 1e9) : "",
                one.CopyGigabytesPerSecond is { } copy ? Units.Bandwidth(copy * 1e9) : "",
                $"{one.Passed} of {one.Passed + one.Failed}{(one.Skipped > 0 ? $" in 2 s, {one.Skipped} left out" : "")}",
                one.LargestDeviation is { } deviation ? Units.Deviation(deviation) : "",
                one.Problem is null ? "[green]healthy[/]" : $"[red]{Markup.Escape(one.Problem)}[/]");
        }

        console.Write(table);
    }
}
