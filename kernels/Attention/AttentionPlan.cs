using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>What a call is going to cost, from shapes and structure alone.</summary>
internal static class AttentionPlan
{
    /// <summary>Operations of the forward pass: two products for every pair that structure leaves, a multiply-add counting as two.</summary>
    public static double ForwardFlops(AttentionProblem problem) => 2 * problem.Pairs * (problem.Width + problem.ValueWidth);

    /// <summary>Operations of the backward pass as the field counts them: five products of a pair.</summary>
    public static double BackwardFlops(AttentionProblem problem) => 2 * problem.Pairs * ((3 * problem.Width) + (2 * problem.ValueWidth));

    /// <summary>Operations of the weights: one product of a pair.</summary>
    public static double WeightFlops(AttentionProblem problem) => 2 * problem.Pairs * problem.Width;

    /// <summary>Bytes of queries, keys, values, outputs and log-sum-exps, each counted once.</summary>
    public static long Bytes(AttentionProblem problem, int elementBytes)
    {
        long queries = problem.QueryHeads * problem.AllQueries, keys = problem.KeyHeads * problem.AllKeys;
        return elementBytes * ((queries * (problem.Width + problem.ValueWidth + 1)) + (keys * (problem.Width + problem.ValueWidth)));
    }

    /// <summary>The same of queries against a cache, of which each sequence's own rows count.</summary>
    public static long CacheBytes(AttentionProblem problem, int elementBytes)
    {
        long rows = 0, queries = problem.QueryHeads * problem.AllQueries;
        for (int item = 0; item < problem.Batch; item++) rows += problem.KeysOf(item);
        int storedBytes = problem.Storage == AttentionStorage.Element ? elementBytes : sizeof(ushort);
        return (elementBytes * queries * (problem.Width + problem.ValueWidth + 1)) + (storedBytes * rows * problem.KeyHeads * (problem.Width + problem.ValueWidth));
    }

    /// <summary>How the host computes it, in words.</summary>
    public static string DescribeOnHost(SimdWidth width, int elementBytes)
    {
        int lanes = width == SimdWidth.Scalar ? 1 : (16 << (width - SimdWidth.Bits128)) / elementBytes;
        return $"queries in {3 * lanes} lanes, keys in blocks of 128, online softmax";
    }
}
