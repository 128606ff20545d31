namespace FusionKernels.Bench;

/// <summary>How long a run of the suite takes, and what it leaves out.</summary>
/// <param name="Budget">Time for the runs of one device's cases; operands, references and peaks take about as much again.</param>
/// <param name="MostRuns">Runs of a case at most.</param>
/// <param name="PeakAge">How old a measured peak may be, before and after a case, until it is measured again.</param>
/// <param name="SecondsAtPeak">A run of the largest case takes about this long on an accelerator at its peak, so that slow ones get smaller cases; 0 for every case at its smallest.</param>
/// <param name="Limit">After how long no further case of a device begins, so that a driver which compiles slowly costs cases and not minutes; null for never.</param>
/// <param name="AllThreads">Whether the host's cases run on all its threads alone, and not on one or two of more.</param>
/// <param name="Method">The same in a sentence, for the results.</param>
internal sealed record SuiteOptions(TimeSpan Budget, int MostRuns, TimeSpan PeakAge, double SecondsAtPeak, TimeSpan? Limit, bool AllThreads, string Method)
{
    /// <summary>Within a minute a device.</summary>
    public static SuiteOptions Quick { get; } = new(
        TimeSpan.FromSeconds(12), 15, TimeSpan.FromSeconds(20), 0.03, TimeSpan.FromSeconds(55), true, "bench --quick: the median of up to 15 runs after a warm-up, within a minute a device");

    /// <summary>Every case at its smallest.</summary>
    public static SuiteOptions Tiny { get; } = Quick with { SecondsAtPeak = 0, Limit = null, AllThreads = false, Method = "bench --tiny: the smallest sizes, whose times mean nothing" };

    /// <summary>Some minutes a device.</summary>
    public static SuiteOptions Whole { get; } = new(
        TimeSpan.FromMinutes(4), 60, TimeSpan.Zero, 0.25, null, false, "bench: the median of up to 60 runs after a warm-up, within some minutes a device");

    /// <summary>Whether a case that nobody named is run.</summary>
    public bool Takes(CaseEntry entry) => !AllThreads || entry.Threads == 0 || entry.Threads == Environment.ProcessorCount;
}
