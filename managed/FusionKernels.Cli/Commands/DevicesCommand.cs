using System.CommandLine;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>devices</c>: what this machine can compute on, and what was refused.</summary>
internal sealed class DevicesCommand() : Verb(
    "devices",
    "List the devices of this machine, best first, and what was refused with the reason. Opens nothing.",
    "devices",
    "devices --json")
{
    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        IReadOnlyList<DeviceProbe> probes = DeviceSurvey.Probe();
        if (arguments.GetValue(Json))
        {
            terminal.WriteJson(new
            {
                devices = probes.Where(probe => probe.IsUsable).Select(probe => DeviceRow.Of(probe.Description!)),
                refused = probes.Where(probe => !probe.IsUsable).Select(probe => new { probe.Name, reason = probe.Refusal }),
            });
            return ExitCode.Success;
        }

        terminal.Console.Write(DeviceRow.Table(probes));
        return ExitCode.Success;
    }
}
