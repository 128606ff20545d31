namespace FusionKernels.Bench;

/// <summary>One contestant's result in one contest.</summary>
/// <param name="Case">The contest.</param>
/// <param name="Shape">Its sizes, in words.</param>
/// <param name="Threads">Threads of every contestant.</param>
/// <param name="Library">The contestant.</param>
/// <param name="BestSeconds">Its fastest run; null where it did not run.</param>
/// <param name="MedianSeconds">The median of its runs.</param>
/// <param name="Runs">Its timed runs.</param>
/// <param name="Gflops">10^9 operations per second at its best.</param>
/// <param name="PercentOfPeak">The least possible time by the peaks measured in this run, as a part of its best.</param>
/// <param name="RatioOfBests">Its best time over ours: above 1 where ours is faster.</param>
/// <param name="MedianOfRatios">The median, over the rounds, of its time over ours.</param>
/// <param name="MaxError">The largest deviation from the float64 reference at sampled places, as a part of the largest reference value there.</param>
/// <param name="Absent">Why it did not run; null where it did.</param>
internal sealed record PeerRow(
    string Case,
    string Shape,
    int Threads,
    string Library,
    double? BestSeconds,
    double? MedianSeconds,
    int Runs,
    double? Gflops,
    double? PercentOfPeak,
    double? RatioOfBests,
    double? MedianOfRatios,
    double? MaxError,
    string? Absent);
