using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;
using FusionKernels.Kernels.Warping.Rules;

namespace FusionKernels.Kernels.Warping;

/// <summary>The one table from a problem to its point cost and its rule.</summary>
internal static class WarpingRules
{
    /// <summary>Runs the job for the cost and the rule that a problem names; not for step patterns, which are data.</summary>
    public static void Dispatch<T, TJob>(WarpingProblem problem, ref TJob job)
        where T : unmanaged
        where TJob : IWarpingJob<T>
    {
        T a = Element.Of<T>(problem.A);
        switch (problem.Recurrence)
        {
            case WarpingRecurrence.Symmetric1: WithCost<T, Symmetric1Rule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.Symmetric2: WithCost<T, Symmetric2Rule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.Weighted: WithCost<T, WeightedRule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.Amerced: WithCost<T, AmercedRule<T>, TJob>(problem, new(a), ref job); break;
            case WarpingRecurrence.Gap: WithCost<T, GapRule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.CommonSubsequence: WithCost<T, CommonSubsequenceRule<T>, TJob>(problem, new(a), ref job); break;
            case WarpingRecurrence.Edit: WithCost<T, EditRule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.MoveSplitMerge: WithCost<T, MoveSplitMergeRule<T>, TJob>(problem, new(a), ref job); break;
            case WarpingRecurrence.TimeWarpEdit when problem.Cost == PointCost.Euclidean: job.Run<TwofoldEuclideanCost<T>, TimeWarpEditRule<T>>(default); break;
            case WarpingRecurrence.TimeWarpEdit: WithCost<T, TimeWarpEditRule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.Frechet: WithCost<T, FrechetRule<T>, TJob>(problem, default, ref job); break;
            case WarpingRecurrence.Soft when problem.Cost == PointCost.SquaredEuclidean: job.Run<SquaredCost<T>, SoftRule<T>>(default); break;
            case WarpingRecurrence.GlobalAlignment when problem.Cost == PointCost.SquaredEuclidean: job.Run<SquaredCost<T>, GlobalAlignmentRule<T>>(default); break;
            default: throw new ArgumentOutOfRangeException(nameof(problem), problem.Recurrence, "Not a rule of three neighbours.");
        }
    }

    private static void WithCost<T, TRule, TJob>(WarpingProblem problem, TRule rule, ref TJob job)
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
        where TJob : IWarpingJob<T>
    {
        switch (problem.Cost)
        {
            case PointCost.SquaredEuclidean: job.Run<SquaredCost<T>, TRule>(rule); break;
            case PointCost.Absolute: job.Run<AbsoluteCost<T>, TRule>(rule); break;
            case PointCost.Euclidean: job.Run<EuclideanCost<T>, TRule>(rule); break;
            case PointCost.Cosine: job.Run<CosineCost<T>, TRule>(rule); break;
            default: throw new ArgumentOutOfRangeException(nameof(problem), problem.Cost, "Not a point cost.");
        }
    }
}
