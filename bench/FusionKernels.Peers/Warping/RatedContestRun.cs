using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>Runs one contest of speeds.</summary>
internal static class RatedContestRun
{
    /// <summary>Lets all contestants that are there alternate.</summary>
    /// <param name="contest">The contest.</param>
    /// <param name="rounds">Rounds.</param>
    /// <returns>The contestants' rows, in their order, then the absent ones'.</returns>
    public static IReadOnlyList<RatedRow> Execute(RatedContest contest, int rounds)
    {
        List<RatedContestant> present = [];
        List<RatedRow> absent = [];
        try
        {
            foreach ((string name, Func<RatedContestant> create) in contest.Contestants)
            {
                if (ContestRun.TryCreate(create, out string? reason) is { } contestant) present.Add(contestant);
                else absent.Add(Absent(contest, name, reason!));
            }

            double[][] times = Turns.Time([.. present.Select(one => ((Action)one.Run, int.MaxValue))], rounds);
            double[][] paces = [.. times.Zip(present, (list, one) => list.Select(seconds => seconds / one.Units).ToArray())];
            int ours = present.FindIndex(one => one.Name == ContestRun.OurName);
            return [.. present.Select((one, index) => Row(contest, one, times[index], paces[index], ours < 0 || ours == index ? null : paces[ours])), .. absent];
        }
        finally
        {
            foreach (RatedContestant contestant in present) contestant.Dispose();
        }
    }

    private static RatedRow Row(RatedContest contest, RatedContestant contestant, double[] times, double[] paces, double[]? ours) => new(
        contest.Name,
        contest.Shape,
        contest.Threads,
        contestant.Name,
        contestant.Part,
        times.Min(),
        ContestRun.Median(times),
        times.Length,
        1 / paces.Min(),
        contest.Unit,
        ours is null ? null : paces.Min() / ours.Min(),
        ours is null ? null : ContestRun.Median([.. paces.Zip(ours, (theirs, our) => theirs / our)]),
        contestant.MaxError() is double error && !double.IsNaN(error) ? error : null,
        null);

    private static RatedRow Absent(RatedContest contest, string library, string reason) =>
        new(contest.Name, contest.Shape, contest.Threads, library, "-", null, null, 0, null, contest.Unit, null, null, null, reason);
}
