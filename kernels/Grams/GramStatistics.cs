using System.Collections.Immutable;

namespace FusionKernels.Kernels.Grams;

/// <summary>The different sums over the features that a program's kernels need, each computed once for all that share it.</summary>
internal static class GramStatistics
{
    /// <summary>One representative kernel for each different statistic, in order of first use.</summary>
    public static ImmutableArray<GramOp> Of(ImmutableArray<GramOp> ops) => [.. ops.Where(op => op.IsKernel).DistinctBy(Key)];

    /// <summary>The position in <see cref="Of"/> of the statistic that a kernel needs.</summary>
    public static int IndexOf(ImmutableArray<GramOp> statistics, GramOp op)
    {
        for (int i = 0; i < statistics.Length; i++)
        {
            if (Key(statistics[i]) == Key(op)) return i;
        }

        throw new ArgumentException($"no statistic for {op.Code}", nameof(op));
    }

    /// <summary>Periodic kernels share sums only at the same period.</summary>
    private static (PairStatistic Statistic, double Frequency) Key(GramOp op)
    {
        PairStatistic statistic = KernelFunctions.StatisticOf(op.Code);
        return (statistic, statistic == PairStatistic.SineSquared ? op.B : 0);
    }
}
