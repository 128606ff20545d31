using System.Diagnostics;

namespace FusionKernels.Peers;

/// <summary>Times contestants in alternation, so that a slow minute of the machine is everybody's.</summary>
internal static class Turns
{
    /// <summary>Libraries let their threads spin after a call; longer than that, so that nobody computes beside spinning threads.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(60);

    /// <summary>Every contestant's times, by round; shorter lists where a contestant takes part in fewer rounds.</summary>
    /// <param name="contestants">What to run, and in how many rounds at most.</param>
    /// <param name="rounds">Rounds.</param>
    public static double[][] Time(IReadOnlyList<(Action Run, int MostRounds)> contestants, int rounds)
    {
        List<double>[] times = [.. contestants.Select(_ => new List<double>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int one = 0; one < contestants.Count; one++)
            {
                (Action run, int most) = contestants[one];
                if (round >= most) continue;
                Thread.Sleep(s_pause);

                // The first call of a turn wakes threads and fills caches; what runs once is long enough to do without.
                if (most > 1) run();
                long started = Stopwatch.GetTimestamp();
                run();
                times[one].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        return [.. times.Select(list => list.ToArray())];
    }
}
