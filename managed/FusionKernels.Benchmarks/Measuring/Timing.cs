using System.Diagnostics;

namespace FusionKernels.Bench;

/// <summary>Repeated wall times of one action.</summary>
/// <param name="ColdSeconds">The first call of all: with compilation of kernels, with caches and pools empty.</param>
/// <param name="MedianSeconds">The median of the runs.</param>
/// <param name="BestSeconds">The fastest run.</param>
/// <param name="LowSeconds">A quarter of the runs were faster.</param>
/// <param name="HighSeconds">A quarter of the runs were slower.</param>
/// <param name="Runs">How many were timed.</param>
/// <param name="AllocatedBytes">Managed bytes allocated per call, of all threads: of the run with the fewest, since the runtime's own threads allocate now and then.</param>
internal sealed record Timing(double ColdSeconds, double MedianSeconds, double BestSeconds, double LowSeconds, double HighSeconds, int Runs, double AllocatedBytes)
{
    /// <summary>A shorter run would be counted rather than timed.</summary>
    private const double ShortestRun = 1e-3;

    /// <summary>Long enough for the runtime to compile short calls again with all optimisations.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(0.3);

    /// <summary>Times an action.</summary>
    /// <param name="action">The action; short ones are timed many calls at a time.</param>
    /// <param name="budget">Time for all of it: an action that is too slow for all runs is run less often, once at least.</param>
    /// <param name="mostRuns">Runs that are timed at most.</param>
    /// <param name="isWarm">Whether the first call has nothing left to compile, and counts where there is time for no other.</param>
    public static Timing Of(Action action, TimeSpan budget, int mostRuns = 15, bool isWarm = false)
    {
        Stopwatch elapsed = Stopwatch.StartNew();
        TimeSpan warmUp = budget / 4 < s_warmUp ? budget / 4 : s_warmUp;
        double cold = Timed(action, 1), seconds = cold;
        if (isWarm && elapsed.Elapsed > budget) return new(cold, cold, cold, cold, cold, 1, double.NaN);
        while (elapsed.Elapsed < warmUp) seconds = Timed(action, 1);

        // The last warm-up call may have been disturbed; a few calls together tell how many make one run.
        int calls = seconds < ShortestRun ? (int)Math.Clamp(ShortestRun / Math.Max(Timed(action, 16) / 16, 1e-8), 1, 1e6) : 1;
        List<double> runs = [];
        double allocated = double.PositiveInfinity;
        do
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            runs.Add(Timed(action, calls) / calls);
            allocated = Math.Min(allocated, (GC.GetTotalAllocatedBytes(precise: true) - before) / calls);
        }
        while (runs.Count < mostRuns && elapsed.Elapsed + TimeSpan.FromSeconds(runs[^1] * calls) < budget);
        runs.Sort();
        return new(cold, At(0.5), runs[0], At(0.25), At(0.75), runs.Count, allocated);

        double At(double share) => runs[(int)Math.Round(share * (runs.Count - 1))];
    }

    private static double Timed(Action action, int calls)
    {
        long started = Stopwatch.GetTimestamp();
        for (int call = 0; call < calls; call++) action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
