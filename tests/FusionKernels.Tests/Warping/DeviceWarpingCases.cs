using FusionKernels.Kernels.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>Problems that take device kernels through every rule, cost, window and end.</summary>
internal static class DeviceWarpingCases
{
    /// <summary>Every rule with every cost that a measure gives it.</summary>
    public static IEnumerable<WarpingProblem> Rules =>
    [
        .. Costs(new() { Recurrence = WarpingRecurrence.Symmetric1, Finish = WarpingFinish.Root }),
        .. Costs(new() { Recurrence = WarpingRecurrence.Symmetric2 }),
        .. Costs(new() { Recurrence = WarpingRecurrence.Amerced, A = 0.3 }),
        .. Costs(new() { Recurrence = WarpingRecurrence.Frechet }),
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.05 },
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.3, Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.1, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.1, Cost = PointCost.Absolute, SumsGapsSoFar = true },
        new() { Recurrence = WarpingRecurrence.CommonSubsequence, A = 0.51, Cost = PointCost.Euclidean, Finish = WarpingFinish.OneMinusPerShorter },
        new() { Recurrence = WarpingRecurrence.Edit, A = 0.51, Cost = PointCost.Euclidean, Finish = WarpingFinish.PerLonger },
        new() { Recurrence = WarpingRecurrence.Edit, A = double.NaN, Cost = PointCost.Euclidean, Finish = WarpingFinish.PerLonger },
        new() { Recurrence = WarpingRecurrence.TimeWarpEdit, A = 0.01, B = 0.1, Cost = PointCost.Euclidean },
    ];

    /// <summary>Rules of one channel alone.</summary>
    public static IEnumerable<WarpingProblem> OneChannelRules =>
        [new() { Recurrence = WarpingRecurrence.MoveSplitMerge, A = 0.4, Cost = PointCost.Absolute }];

    /// <summary>Windows of every kind that fit any lengths.</summary>
    public static IEnumerable<WarpingWindow> Windows =>
    [
        WarpingWindow.None, WarpingWindow.Radius(0), WarpingWindow.Radius(3), WarpingWindow.Radius(20), WarpingWindow.Fraction(0.2),
        WarpingWindow.Slanted(4), WarpingWindow.Itakura(2),
    ];

    /// <summary>Ends of every kind.</summary>
    public static IEnumerable<WarpingEnds> Ends =>
    [
        WarpingEnds.Closed, WarpingEnds.OpenBegin, WarpingEnds.OpenEnd, WarpingEnds.Subsequence, WarpingEnds.Relaxed(2), WarpingEnds.Relaxed(int.MaxValue),
        new(1, 3, 2, 0), new(0, 19, 18, 1),
    ];

    /// <summary>Step patterns that look back one, two and three rows, skip costs, and weigh them.</summary>
    public static IEnumerable<StepPattern> Patterns =>
    [
        StepPattern.Symmetric1, StepPattern.Symmetric2, StepPattern.Asymmetric, StepPattern.ByName("symmetricP05"), StepPattern.ByName("asymmetricP2"), StepPattern.Mori2006,
        StepPattern.RabinerJuang(7, StepWeighting.Rows),
        new StepPattern("knight", [new(1, 2, [new(0, 1, 0), new(0, 0, 0.5)]), new(2, 1, [new(0, 0, 1.5)]), new(1, 1, [new(0, 0, 1)])]),
    ];

    /// <summary>The problem in a few words.</summary>
    public static string NameOf(WarpingProblem problem) =>
        $"{problem.Recurrence}{(problem.Pattern is { } pattern ? $" {pattern}" : "")} {problem.Cost} {problem.Window} {problem.Ends}{(problem.Independent ? " independent" : "")}";

    private static IEnumerable<WarpingProblem> Costs(WarpingProblem problem) => Enum.GetValues<PointCost>().Select(cost => problem with { Cost = cost });
}
