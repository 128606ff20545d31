using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Kernels.Attention.Unfused;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>What a call is going to cost, from shapes and structure alone.</summary>
internal static class AttentionPlan
{
    /// <summary>Operations of the forward pass: two products for every pair that structure leaves, a multiply-add counting as two.</summary>
    public static double ForwardFlops(AttentionProblem problem) => 2 * problem.Pairs * (problem.Width + problem.ValueWidth);

    /// <summary>Operations of the backward pass as the field counts them: five products of a pair.</summary>
    public static double BackwardFlops(AttentionProblem problem) => 2 * problem.Pairs * ((3 * problem.Width) + (2 * problem.ValueWidth));

    /// <summary>
    /// Whether the host takes the gradients of a head's keys in the pass over its queries: where a piece of work may be a whole head,
    /// whose gradients stay in the second or third cache, and no gradient of a bias is shared between heads.
    /// </summary>
    /// <remarks>A rule of shapes alone, so that the number of threads changes no bit.</remarks>
    public static bool GathersKeys(AttentionProblem problem, bool hasBiasGradient, int elementBytes) =>
        !hasBiasGradient && (long)problem.Batch * problem.KeyHeads >= LeastHeads
        && (long)problem.Keys * (problem.Width + problem.ValueWidth) * elementBytes <= MostKeyBytes;

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

    /// <summary>How the host computes the forward pass, in words of its own why.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="hasMask">Whether a dense mask is among the operands.</param>
    /// <param name="areApart">Whether rows of keys or values are so far apart that the fused route copies them.</param>
    /// <param name="width">The host's vectors.</param>
    /// <param name="elementBytes">4 or 8.</param>
    public static (AttentionRoute Route, string Why) RouteOnHost(AttentionProblem problem, bool hasMask, bool areApart, SimdWidth width, int elementBytes)
    {
        if (problem.Route != AttentionRoute.Auto) return (problem.Route, "as asked for");
        if (DecodePlan.Suits(problem)) return (AttentionRoute.Fused, "few queries");
        if (hasMask) return (AttentionRoute.Fused, "a mask");
        return UnfusedPlan.Pays(problem, Lanes(width, elementBytes), areApart, out string why) ? (AttentionRoute.Unfused, why) : (AttentionRoute.Fused, why);
    }

    /// <summary>How the host computes the forward pass, in words.</summary>
    /// <inheritdoc cref="RouteOnHost"/>
    public static string DescribeOnHost(AttentionProblem problem, bool hasMask, bool areApart, SimdWidth width, int elementBytes)
    {
        (AttentionRoute route, string why) = RouteOnHost(problem, hasMask, areApart, width, elementBytes);
        string because = why.Length == 0 ? "" : $" ({why})";
        if (route == AttentionRoute.Unfused) return $"unfused{because}: two products, {UnfusedPlan.Rows(problem)} rows of scores";
        return DecodePlan.Suits(problem) ? $"fused{because}: keys in parts of {DecodePlan.PartKeys}, online softmax" : $"fused{because}: {DescribeBlocks(width, elementBytes)}";
    }

    /// <summary>How the host cuts pairs into blocks, in words.</summary>
    public static string DescribeBlocks(SimdWidth width, int elementBytes) => $"queries in {3 * Lanes(width, elementBytes)} lanes, keys in blocks of 128, online softmax";

    private const int LeastHeads = 32;
    private const int MostKeyBytes = 1 << 20;

    private static int Lanes(SimdWidth width, int elementBytes) => width == SimdWidth.Scalar ? 1 : (16 << (width - SimdWidth.Bits128)) / elementBytes;
}
