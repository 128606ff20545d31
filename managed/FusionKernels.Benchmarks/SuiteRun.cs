using System.Diagnostics;

namespace FusionKernels.Bench;

/// <summary>Times every case directly: a cold call, a warm-up, then runs within a budget; a wrong result is a failure, however fast.</summary>
internal static class SuiteRun
{
    /// <summary>Runs cases until all are done, a device's time is over or the caller cancels; what is done by then is in the results, and what is not is named.</summary>
    /// <param name="options">How long and how often.</param>
    /// <param name="machine">The machine's name; null for one made of its models.</param>
    /// <param name="sessions">The devices.</param>
    /// <param name="entries">The cases.</param>
    /// <param name="tell">Told of every case before it runs, with its number from 0.</param>
    /// <param name="cancellation">Ends the run behind the case under way.</param>
    public static BenchResults Execute(
        SuiteOptions options, string? machine, IReadOnlyList<DeviceSession> sessions, IReadOnlyList<CaseEntry> entries, Action<int, CaseEntry> tell, CancellationToken cancellation = default)
    {
        List<(CaseEntry Entry, CaseFacts Facts, Timing Timing)> measured = [];
        List<FailureRow> failures = [];
        List<LeftOutRow> leftOut = [];
        Dictionary<DeviceSession, Stopwatch> clocks = [];
        for (int i = 0; i < entries.Count; i++)
        {
            CaseEntry entry = entries[i];
            if (cancellation.IsCancellationRequested || (clocks.TryGetValue(entry.Session, out Stopwatch? clock) && clock.Elapsed > options.Limit))
            {
                leftOut.Add(new(entry.Name, entry.Family, entry.Session.Device.Description.Name, entry.Precision, entry.Threads));
                continue;
            }

            clocks.TryAdd(entry.Session, Stopwatch.StartNew());
            tell(i, entry);
            TimeSpan budget = options.Budget / entries.Count(other => other.Session == entry.Session);
            try
            {
                (CaseFacts facts, Timing timing) = Measure(entry, budget, options);
                if (facts.MaxError <= entry.Tolerance) measured.Add((entry, facts, timing));
                else failures.Add(Failed(entry, $"its result is off by {Format.Error(facts.MaxError)} of the largest value, {Format.Error(entry.Tolerance)} is allowed"));
            }
            catch (Exception failure) when (failure is FusionKernelsException or FailedCaseException) // the other cases are worth having
            {
                failures.Add(Failed(entry, failure.Message.ReplaceLineEndings(" ")));
            }
        }

        // Only now are the peaks as good as this run saw them.
        return new(
            BenchResults.CurrentSchema,
            BenchResults.CurrentSuite,
            Machine.Describe(machine, [.. sessions.Select(session => session.Device.Description)]),
            options.Method,
            [.. sessions.Select(DeviceResult.Of)],
            [.. measured.Select(one => ResultRow.Of(one.Entry, one.Facts, one.Timing))],
            failures)
        {
            LeftOut = leftOut,
        };
    }

    private static FailureRow Failed(CaseEntry entry, string problem) =>
        new(entry.Name, entry.Family, entry.Session.Device.Description.Name, entry.Precision, entry.Threads, problem);

    private static (CaseFacts Facts, Timing Timing) Measure(CaseEntry entry, TimeSpan budget, SuiteOptions options)
    {
        entry.Session.MeasureAgain(entry.IsDouble, entry.Threads, options.PeakAge);
        entry.Session.Settle();
        long held = entry.Session.Device.AllocatedBytes;
        PeakMemory? memory = PeakMemory.Begin();
        long? hostBytes = null;
        using BenchCase one = entry.Create();
        Energy? energy = Energy.Begin(entry.Session.Device.Engine);
        long launches = entry.Session.Launches;
        int calls = 0;
        Timing timing = Timing.Of(
            () =>
            {
                one.Run();
                if (calls++ == 0) hostBytes = memory?.Bytes();
            },
            budget,
            options.MostRuns);
        double? joules = energy?.Joules();
        double perCall = (double)(entry.Session.Launches - launches) / calls;
        double error = one.MaxError();
        held = entry.Session.Held() - held;
        double? endToEnd = one.EndToEnd is { } whole ? Timing.Of(whole, budget / 4, options.MostRuns, isWarm: true).MedianSeconds : null;
        entry.Session.MeasureAgain(entry.IsDouble, entry.Threads, options.PeakAge);
        return (new(one.Shape, one.Work, one.HasFloor, error, endToEnd, Math.Round(perCall), Math.Max(0, held), hostBytes, joules / calls), timing);
    }
}
