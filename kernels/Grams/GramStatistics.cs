using System.Collections.Immutable;

namespace FusionKernels.Kernels.Grams;

/// <summary>The different sums over features that a program's kernels need, each computed once for all that share it.</summary>
internal static class GramStatistics
{
    /// <summary>One representative kernel for each different statistic, in order of first use.</summary>
    public static ImmutableArray<GramOp> Of(ImmutableArray<GramOp> ops) => [.. ops.Where(op => op.IsKernel).DistinctBy(Key)];

    /// <summary>By step: the position in <paramref name="statistics"/> of the statistic that its kernel needs; -1 where it is no kernel.</summary>
    public static ImmutableArray<int> IndexOf(ImmutableArray<GramOp> statistics, ImmutableArray<GramOp> ops)
    {
        Dictionary<object, int> positions = [];
        for (int i = 0; i < statistics.Length; i++) positions[Key(statistics[i])] = i;
        return [.. ops.Select(op => op.IsKernel ? positions[Key(op)] : -1)];
    }

    /// <summary>Kernels share sums over the same features; periodic ones only at the same period.</summary>
    private static (PairStatistic Statistic, double Frequency, int First, int Features) Key(GramOp op)
    {
        PairStatistic statistic = KernelFunctions.StatisticOf(op.Code);
        return (statistic, statistic == PairStatistic.SineSquared ? op.B : 0, op.First, op.Features);
    }
}
