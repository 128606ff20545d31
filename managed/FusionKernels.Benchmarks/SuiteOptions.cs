namespace FusionKernels.Bench;

/// <summary>How long a run of the suite takes.</summary>
/// <param name="Budget">Time for the runs of one device's cases; operands, references and peaks take about as much again.</param>
/// <param name="MostRuns">Runs of a case at most.</param>
/// <param name="Method">The same in a sentence, for the results.</param>
internal sealed record SuiteOptions(TimeSpan Budget, int MostRuns, string Method)
{
    /// <summary>Within a minute a device.</summary>
    public static SuiteOptions Quick { get; } = new(TimeSpan.FromSeconds(30), 15, "bench --quick: the median of up to 15 runs after a warm-up, within a minute a device");

    /// <summary>Some minutes a device.</summary>
    public static SuiteOptions Whole { get; } = new(TimeSpan.FromMinutes(4), 60, "bench: the median of up to 60 runs after a warm-up, within some minutes a device");
}
