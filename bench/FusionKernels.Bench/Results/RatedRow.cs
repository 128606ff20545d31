namespace FusionKernels.Bench;

/// <summary>One contestant's result in a contest of speeds.</summary>
/// <param name="Case">The contest.</param>
/// <param name="Shape">Its sizes, in words.</param>
/// <param name="Threads">Threads of every contestant.</param>
/// <param name="Library">The contestant.</param>
/// <param name="Part">The part of the computation that it did.</param>
/// <param name="BestSeconds">Its fastest run; null where it did not run.</param>
/// <param name="MedianSeconds">The median of its runs.</param>
/// <param name="Runs">Its timed runs.</param>
/// <param name="Rate">Its speed at its best.</param>
/// <param name="Unit">The unit of that speed.</param>
/// <param name="RatioOfBests">Our speed over its: above 1 where ours is faster; null where ours did not run.</param>
/// <param name="MedianOfRatios">The median, over the rounds, of our speed over its.</param>
/// <param name="MaxError">The largest deviation from the float64 reference, as a part of the reference.</param>
/// <param name="Absent">Why it did not run; null where it did.</param>
internal sealed record RatedRow(
    string Case,
    string Shape,
    int Threads,
    string Library,
    string Part,
    double? BestSeconds,
    double? MedianSeconds,
    int Runs,
    double? Rate,
    string Unit,
    double? RatioOfBests,
    double? MedianOfRatios,
    double? MaxError,
    string? Absent);
