namespace FusionKernels.Bench;

/// <summary>One device of one machine among those compared.</summary>
/// <param name="Name">The machine's name and, where it has several devices, the device's.</param>
/// <param name="Results">The file.</param>
/// <param name="Device">The device.</param>
internal sealed record ComparedColumn(string Name, BenchResults Results, DeviceResult Device)
{
    /// <summary>The row of a case; null where it was not measured.</summary>
    public ResultRow? Of(string key) => Results.Rows.FirstOrDefault(row => row.Device == Device.Description.Name && KeyOf(row, Results.Machine) == key);

    /// <summary>What must be equal for two figures to stand side by side: case, precision, and whether one core works or all do.</summary>
    public static string KeyOf(ResultRow row, Machine machine) => $"{row.Case} {row.Precision}{(row.Threads == 1 && machine.Cores > 1 ? ", one core" : row.Threads > 1 && row.Threads < machine.Cores ? $", {row.Threads} cores" : "")}";
}
