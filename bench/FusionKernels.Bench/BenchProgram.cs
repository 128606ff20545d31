namespace FusionKernels.Bench;

/// <summary>Opens the devices, runs the cases, writes the results.</summary>
internal static class BenchProgram
{
    /// <summary>Runs what was asked for.</summary>
    /// <param name="options">What.</param>
    /// <param name="listOnly">Whether to name the cases and run none.</param>
    /// <param name="output">Where results are printed.</param>
    /// <param name="errors">Where problems and progress are told.</param>
    /// <returns>0; 1 where a case failed; 2 where nothing matches; 4 where the device is not there.</returns>
    public static int Run(BenchOptions options, bool listOnly, TextWriter output, TextWriter errors)
    {
        List<DeviceSession> sessions = [];
        try
        {
            foreach (string name in Names(options.Device)) sessions.Add(new DeviceSession(name, options.Tiny ? 0 : SuiteOptions.Whole.SecondsAtPeak));
            CaseEntry[] entries = [.. sessions.SelectMany(session => CaseCatalog.Of(session, options.Filters))];
            if (entries.Length == 0)
            {
                errors.WriteLine($"bench: no case matches '{string.Join("', '", options.Filters)}'; --list names all");
                return 2;
            }

            if (listOnly)
            {
                foreach (CaseEntry entry in entries) output.WriteLine(entry);
                return 0;
            }

            return BenchmarkDotNetRun.Execute(options, sessions, entries) ? 0 : 1;
        }
        catch (Exception failure) when (failure is DeviceNotFoundException or ArgumentException)
        {
            errors.WriteLine($"bench: {failure.Message}");
            return failure is DeviceNotFoundException ? 4 : 2;
        }
        finally
        {
            foreach (DeviceSession session in sessions) session.Dispose();
        }
    }

    private static IEnumerable<string> Names(string device) => device.Equals("all", StringComparison.OrdinalIgnoreCase)
        ? ComputeDevice.List().Select(one => one.Name)
        : [device];
}
