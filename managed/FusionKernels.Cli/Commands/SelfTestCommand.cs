using System.CommandLine;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>selftest</c>: every kernel on every device against the reference.</summary>
internal sealed class SelfTestCommand() : ComputingVerb(
    "selftest",
    "Check every kernel on every device of this machine against a plain float64 reference. Exit code 1 when one deviates.",
    "selftest",
    "selftest --device cuda:0 --precision float32",
    "selftest --json")
{
    /// <inheritdoc/>
    protected override string DefaultPrecision => "both";

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool[] precisions = arguments.GetValue(Precision) is null ? [false, true] : [IsFloat64(arguments)];
        List<OpenedDevice> devices = OpenDevices(arguments, float64: arguments.GetValue(Precision) is not null && IsFloat64(arguments));
        try
        {
            int threads = arguments.GetValue(Threads);
            List<KernelCheck> checks = terminal.WithProgress("self-test", progress => CheckAll(devices, precisions, threads, progress, cancellation));
            int failed = checks.Count(check => !check.Passed);
            if (arguments.GetValue(Json)) terminal.WriteJson(new { passed = checks.Count - failed, failed, checks });
            else Show(terminal.Console, checks);
            return failed == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        finally
        {
            foreach (OpenedDevice device in devices) device.Dispose();
        }
    }

    /// <summary>Checks every device; one that did not open fails a check of that name in each precision.</summary>
    internal static List<KernelCheck> CheckAll(
        List<OpenedDevice> devices, bool[] precisions, int threads, IProgress<Step> progress, CancellationToken cancellation)
    {
        List<KernelCheck> checks =
        [
            .. from device in devices
               where device.Device is null
               from float64 in precisions
               where !float64 || device.Description.SupportsFloat64
               select new KernelCheck("open", device.Description.Name, PrecisionName(float64), null, 0, 0, device.Error),
        ];
        int unopened = checks.Count;
        var jobs = (from opened in devices
                    let device = opened.Device
                    where device is not null
                    from float64 in precisions
                    where !float64 || device.Description.SupportsFloat64
                    from test in SelfTest.All
                    where device.Description.Kind == DeviceKind.Host || !(test.HostOnly || (float64 && test.IsFloat32OnDevices))
                    select (device, float64, test)).ToList();
        foreach (var (device, float64, test) in jobs)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new((double)(checks.Count - unopened) / jobs.Count, $"{device.Description.Name}: {test.Name}"));
            checks.Add(test.Run(device, float64, threads, cancellation));
        }

        return checks;
    }

    private static void Show(IAnsiConsole console, List<KernelCheck> checks)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("kernel");
        var columns = checks.Select(check => (check.Device, check.Precision)).Distinct().ToList();
        foreach (var (device, precision) in columns) table.AddColumn(new TableColumn(Markup.Escape($"{device} {precision}")).RightAligned());
        foreach (IGrouping<string, KernelCheck> row in checks.GroupBy(check => check.KernelName))
        {
            table.AddRow([Markup.Escape(row.Key), .. columns.Select(column => Cell(row.FirstOrDefault(check => (check.Device, check.Precision) == column)))]);
        }

        console.Write(table);
        foreach (KernelCheck check in checks.Where(check => check.Error is not null))
        {
            console.MarkupLineInterpolated($"[red]{check.Device} {check.Precision} {check.KernelName}: {check.Error}[/]");
        }

        int failed = checks.Count(check => !check.Passed);
        console.MarkupLine(
            $"{checks.Count - failed} passed, {(failed == 0 ? "0" : $"[red]{failed}[/]")} failed; largest deviation from the float64 reference, relative to its largest value.");
    }

    private static string Cell(KernelCheck? check) => check switch
    {
        null => "",
        { Error: not null } => "[red]error[/]",
        { Passed: true } => $"[green]{Units.Deviation(check.Deviation!.Value)}[/]",
        _ => $"[red]{Units.Deviation(check.Deviation!.Value)} > {Units.Deviation(check.Tolerance)}[/]",
    };
}
