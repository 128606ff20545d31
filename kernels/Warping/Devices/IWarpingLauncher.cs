using FusionKernels.Kernels.Engines;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>A kernel with its rule, ready to launch.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IWarpingLauncher<T>
    where T : unmanaged
{
    /// <summary>The <see cref="DevicePointCost"/> that a form told at the launch computes.</summary>
    int Cost { get; }

    /// <summary>Launches it.</summary>
    void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, ExecutionTrace? trace);

    /// <summary>Launches the kernel that follows paths.</summary>
    void Trace(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, ExecutionTrace? trace);
}

/// <summary>Finds the launcher of a problem.</summary>
internal static class WarpingLaunchers
{
    /// <summary>The kernel of step patterns, or the form of a rule that is made for the cost, or the rule's general one.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="team">Who shares a pair.</param>
    /// <param name="isWhole">Whether there is no window.</param>
    /// <param name="mayBeSpecial">Whether samples have one channel and none is skipped.</param>
    /// <param name="keeps">Whether cells are kept.</param>
    public static IWarpingLauncher<T> Find<T>(WarpingProblem problem, WarpingTeamKind team, bool isWhole, bool mayBeSpecial, bool keeps)
        where T : unmanaged
    {
        if (problem.Recurrence == WarpingRecurrence.Pattern) return new PatternLauncher<T>(DeviceCost(problem.Cost), team);
        Job<T> job = new() { Cost = problem.Cost, Team = team, IsWhole = isWhole, MayBeSpecial = mayBeSpecial, Keeps = keeps };
        WarpingRules.Dispatch<T, Job<T>>(problem, ref job);
        return job.Found!;
    }

    private static DevicePointCost DeviceCost(PointCost cost) => cost switch
    {
        PointCost.SquaredEuclidean => DevicePointCost.Squared,
        PointCost.Absolute => DevicePointCost.Absolute,
        PointCost.Euclidean => DevicePointCost.Euclidean,
        PointCost.Cosine => DevicePointCost.Cosine,
        _ => throw new ArgumentOutOfRangeException(nameof(cost), cost, "Not a point cost."),
    };

    private struct Job<T> : IWarpingJob<T>
        where T : unmanaged
    {
        public PointCost Cost;
        public WarpingTeamKind Team;
        public bool IsWhole;
        public bool MayBeSpecial;
        public bool Keeps;
        public IWarpingLauncher<T>? Found;

        public void Run<TCost, TRule>(TRule rule)
            where TCost : unmanaged, IPointCost<T>
            where TRule : unmanaged, IWarpingRule<T>
        {
            // Of one channel the length of a difference is its magnitude.
            WarpingForm special = new(Cost == PointCost.Euclidean ? PointCost.Absolute : Cost, Keeps || !IsWhole, Team, Keeps);
            WarpingForm form = MayBeSpecial && WarpingKernelTable<T>.Has<TRule>(special) ? special : new(null, HasWindow: true, Team);
            int cost = (int)(TCost.IsTwofold ? DevicePointCost.TwofoldEuclidean : DeviceCost(Cost));
            Found = new RuleLauncher<T, TRule>(WarpingKernelTable<T>.Get<TRule>(form), rule, cost);
        }
    }

    private sealed class RuleLauncher<T, TRule>(WarpingKernels<T, TRule> kernels, TRule rule, int cost) : IWarpingLauncher<T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        public int Cost => cost;

        public void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, ExecutionTrace? trace) =>
            kernels.Launch(engine, config, arguments, rule, trace);

        public void Trace(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, ExecutionTrace? trace) =>
            WarpingTraceTable<T>.Get<TRule>().Launch(engine, config, arguments, steps, rule, trace);
    }

    private sealed class PatternLauncher<T>(DevicePointCost cost, WarpingTeamKind team) : IWarpingLauncher<T>
        where T : unmanaged
    {
        public int Cost => (int)cost;

        public void Launch(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, ExecutionTrace? trace) =>
            WarpingPatternKernels<T>.Of(team).Launch(engine, config, arguments, trace);

        public void Trace(AcceleratorEngine engine, KernelConfig config, in WarpingArguments<T> arguments, in WarpingSteps steps, ExecutionTrace? trace) =>
            WarpingPatternTraceKernels.Launch(engine, config, arguments, steps, trace);
    }
}
