using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>Runs one contest.</summary>
internal static class ContestRun
{
    /// <summary>The name of this library's contestant.</summary>
    public const string OurName = "FusionKernels";

    /// <summary>Lets all contestants that are there alternate.</summary>
    /// <param name="contest">The contest.</param>
    /// <param name="session">The host, whose peaks are measured before and after.</param>
    /// <param name="rounds">Rounds.</param>
    /// <returns>Our row, then the peers', to be asked for when all contests are over: only then the peaks are as good as the whole run saw them.</returns>
    public static IReadOnlyList<Func<PeerRow>> Execute(Contest contest, DeviceSession session, int rounds)
    {
        List<Contestant> present = [];
        List<PeerRow> absent = [];
        try
        {
            foreach ((string name, Func<Contestant> create) in contest.Peers)
            {
                if (TryCreate(create, out string? reason) is { } contestant) present.Add(contestant);
                else absent.Add(Absent(contest, name, reason!));
            }

            // What earlier contests left is collected now, and not while somebody is timed.
            session.Settle();
            Rates before = session.Measure(contest.IsDouble, contest.Threads);
            double[][] times = Turns.Time([(contest.Ours.Run, rounds), .. present.Select(one => ((Action)one.Run, one.MostRuns))], rounds);
            // The processor's peaks are what they are; what memory gives follows the other programs of the machine.
            Rates beside = before.Or(session.Measure(contest.IsDouble, contest.Threads));
            PeerRow[] rows =
            [
                Row(contest, OurName, contest.Ours.Work, times[0], null, contest.Ours.MaxError()),
                .. present.Select((one, index) => Row(
                    contest, one.Name, one.Work ?? contest.Ours.Work, times[index + 1], times[0], Samples.MaxError(contest.Rows, contest.Rows, one.At, one.Reference ?? contest.Reference))),
            ];
            Work[] works = [contest.Ours.Work, .. present.Select(one => one.Work ?? contest.Ours.Work)];
            (bool isDouble, int threads) = (contest.IsDouble, contest.Threads);
            return [.. rows.Zip(works, (row, work) => (Func<PeerRow>)(() => row with { PercentOfPeak = 100 * RatesNow().Floor(work, out _) / row.BestSeconds })), .. absent.Select(row => (Func<PeerRow>)(() => row))];

            Rates RatesNow() => session.RatesOf(isDouble, threads) with { BytesRead = beside.BytesRead, BytesWritten = beside.BytesWritten };
        }
        finally
        {
            foreach (Contestant contestant in present) contestant.Dispose();
        }
    }

    /// <summary>The contestant, or null and why its library does not load.</summary>
    public static T? TryCreate<T>(Func<T> create, out string? reason)
        where T : class, IDisposable
    {
        try
        {
            reason = null;
            return create();
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException)
        {
            // libtorch loads in a static constructor, whose failure tells pages but not the usual cause.
            reason = failure is DllNotFoundException ? failure.Message : "did not load: it is absent, or the system's C++ library is too old for it";
            return null;
        }
    }

    /// <summary>The middle of some values, the upper one of an even number.</summary>
    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static PeerRow Row(Contest contest, string library, in Work work, double[] times, double[]? ours, double error)
    {
        double best = times.Min();
        return new(
            contest.Name,
            contest.Ours.Shape,
            contest.Threads,
            library,
            best,
            Median(times),
            times.Length,
            work.Flops / best / 1e9,
            null,
            ours is null ? null : best / ours.Min(),
            ours is null ? null : Median([.. times.Zip(ours, (theirs, our) => theirs / our)]),
            error,
            null);
    }

    private static PeerRow Absent(Contest contest, string library, string reason) =>
        new(contest.Name, contest.Ours.Shape, contest.Threads, library, null, null, 0, null, null, null, null, null, reason);
}
