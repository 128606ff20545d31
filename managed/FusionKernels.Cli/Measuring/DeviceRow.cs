using System.Globalization;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary>A device as JSON tells it.</summary>
internal sealed record DeviceRow(
    string Name, string Kind, string Model, string Platform, long MemoryBytes, int ComputeUnits, int WarpSize, bool SupportsFloat64)
{
    /// <summary>The row of a device.</summary>
    public static DeviceRow Of(DeviceDescription device) => new(
        device.Name,
        KindName(device.Kind),
        device.Model,
        device.Platform,
        device.MemoryBytes,
        device.ComputeUnits,
        device.WarpSize,
        device.SupportsFloat64);

    /// <summary>All that was probed, as a table.</summary>
    public static Table Table(IReadOnlyList<DeviceProbe> probes)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("device", "model", "driver or runtime");
        foreach (string name in (ReadOnlySpan<string>)["memory", "units", "warp", "float64"]) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (DeviceProbe probe in probes)
        {
            if (probe.Description is { } device)
            {
                table.AddRow(
                    $"[green]{Markup.Escape(device.Name)}[/]",
                    Markup.Escape(device.Model),
                    Markup.Escape(device.Platform),
                    Units.Bytes(device.MemoryBytes),
                    device.ComputeUnits.ToString(CultureInfo.InvariantCulture),
                    device.WarpSize.ToString(CultureInfo.InvariantCulture),
                    device.SupportsFloat64 ? "yes" : "no");
            }
            else
            {
                table.AddRow($"[yellow]{Markup.Escape(probe.Name)}[/]", "refused", Markup.Escape(probe.Refusal ?? ""), "", "", "", "");
            }
        }

        return table;
    }

    private static string KindName(DeviceKind kind) => kind switch
    {
        DeviceKind.Host => "host",
        DeviceKind.Cuda => "cuda",
        DeviceKind.OpenCL => "opencl",
        _ => "ilgpu-cpu",
    };
}
