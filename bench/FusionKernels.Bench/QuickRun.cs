namespace FusionKernels.Bench;

/// <summary>Times every case directly: the median of up to 15 runs, within a minute a device.</summary>
internal static class QuickRun
{
    private const string Method = "bench --quick: the median of up to 15 runs after a warm-up, within a minute a device";

    /// <summary>Of a device's minute, what timing may take; the rest is for operands, references and peaks.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(30);

    /// <summary>Runs the cases, prints one table and writes it to files.</summary>
    /// <returns>Whether every case ran.</returns>
    public static bool Execute(BenchOptions options, IReadOnlyList<DeviceSession> sessions, IReadOnlyList<CaseEntry> entries, TextWriter output, TextWriter errors)
    {
        List<(CaseEntry Entry, CaseFacts Facts, Timing Timing)> measured = [];
        foreach (CaseEntry entry in entries)
        {
            errors.WriteLine($"bench: {entry}");
            TimeSpan budget = s_budget / entries.Count(other => other.Session == entry.Session);
            try
            {
                (CaseFacts facts, Timing timing) = Measure(entry, budget);
                measured.Add((entry, facts, timing));
            }
            catch (FusionKernelsException failure) // the other cases are worth having
            {
                errors.WriteLine($"bench: {entry} failed: {failure.Message}");
            }
        }

        // Only now are the peaks as good as this run saw them.
        BenchResults results = new(
            Machine.Describe(options.Machine, [.. sessions.Select(session => session.Device.Description)]),
            Method,
            [.. sessions.Select(DeviceResult.Of)],
            [.. measured.Select(one => ResultRow.Of(one.Entry, one.Facts, one.Timing))]);
        string markdown = results.ToMarkdown();
        output.Write(markdown);
        foreach (string file in ResultFiles.Write(options.Folder, results.Machine, "quick", markdown, results)) errors.WriteLine($"bench: wrote {file}");
        return measured.Count == entries.Count;
    }

    private static (CaseFacts Facts, Timing Timing) Measure(CaseEntry entry, TimeSpan budget)
    {
        entry.Session.Measure(entry.IsDouble, entry.Threads);
        using BenchCase one = entry.Create();
        Timing timing = Timing.Of(one.Run, budget);
        entry.Session.Measure(entry.IsDouble, entry.Threads);
        return (CaseFacts.Of(one), timing);
    }
}
