using System.Runtime.InteropServices;

namespace FusionTasks;

/// <summary>The table that is asked for.</summary>
/// <param name="Path">Its file; null for none.</param>
/// <param name="Machine">What its heading says of where it ran; null for nothing.</param>
/// <param name="Seeds">Seeds of each task.</param>
internal readonly record struct TableOptions(string? Path, string? Machine, int Seeds)
{
    /// <summary>What stands above the rows.</summary>
    public string[] Head(string task, TaskOptions options) =>
    [
        Machine is null ? "# Tasks of fusion" : $"# Tasks of fusion on {Machine}",
        "",
        $"`FusionTasks {task} --table FILE`, {(Seeds == 1 ? $"seed {options.Seed}" : $"seeds {options.Seed} to {options.Seed + Seeds - 1}")}; {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors{(options.IsTiny ? "; tiny: figures mean nothing" : "")}.",
        "",
        "| task | seed | data, protocol | reached | wanted | met |",
        "|---|---|---|---|---|---|",
    ];
}
