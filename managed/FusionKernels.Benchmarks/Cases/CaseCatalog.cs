using System.IO.Enumeration;

namespace FusionKernels.Bench;

/// <summary>All cases.</summary>
internal static class CaseCatalog
{
    private static readonly int[] s_hostFeatures = [64, 512];
    private static readonly int[] s_acceleratorFeatures = [128];

    /// <summary>The families of kernels that have cases.</summary>
    public static IReadOnlyList<string> Families { get; } = ["products", "grams", "warping", "decompositions", "attention", "fusion", "learning"];

    /// <summary>The cases of a device that match one of the filters.</summary>
    /// <param name="session">The device.</param>
    /// <param name="filters">Parts of an entry's text, <c>*</c> standing for anything; none for all cases.</param>
    public static IEnumerable<CaseEntry> Of(DeviceSession session, IReadOnlyList<string> filters) =>
        All(session).Where(entry => filters.Count == 0 || filters.Any(filter => FileSystemName.MatchesSimpleExpression($"*{filter}*", entry.ToString())));

    private static IEnumerable<CaseEntry> All(DeviceSession session)
    {
        int[] everyThread = session.IsHost ? [Environment.ProcessorCount] : [0];
        int[] oneTwoAll = session.IsHost ? [.. new[] { 1, 2, Environment.ProcessorCount }.Where(t => t <= Environment.ProcessorCount).Distinct()] : [0];
        foreach (int threads in oneTwoAll) yield return new("gemm", "products", session, false, threads, () => new ProductCase<float>(session, threads));
        if (session.Device.Description.SupportsFloat64)
        {
            foreach (int threads in oneTwoAll) yield return new("gemm", "products", session, true, threads, () => new ProductCase<double>(session, threads));
        }

        foreach (int threads in everyThread)
        {
            foreach (int features in session.IsHost ? s_hostFeatures : s_acceleratorFeatures)
            {
                yield return new($"rbf-d{features}", "grams", session, false, threads, () => GramCase.Rbf(session, features, threads));
            }

            yield return new("composed-d64", "grams", session, false, threads, () => GramCase.Composed(session, 64, threads));
            yield return new("rbf-small", "grams", session, false, threads, () => GramCase.Small(session, threads));
            yield return new("matrix-vector", "products", session, false, threads, () => new MatrixVectorCase(session, threads));
            yield return new("moments-d512", "decompositions", session, false, threads, () => new CorrelationCase(session, threads, isWhole: false));
            yield return new("cca-d512", "decompositions", session, false, threads, () => new CorrelationCase(session, threads, isWhole: true));
            yield return new("sparse-product", "learning", session, false, threads, () => new SparseProductCase(session, threads));
            yield return new("moving-deviation", "warping", session, false, threads, () => new MovingCase(session, threads));
            yield return new("gemm-small", "products", session, false, threads, () => ProductCase<float>.Small(session, threads));
            yield return new("dtw-small", "warping", session, false, threads, () => WarpingCase.Small(session, threads));
            yield return new("cca-small", "decompositions", session, false, threads, () => CorrelationCase.Small(session, threads));
            yield return new("attention-small", "attention", session, false, threads, () => AttentionCase.Small(session, threads));
            yield return new("attention-many", "attention", session, false, threads, () => AttentionCase.Many(session, threads));
            yield return new("six-views", "fusion", session, false, threads, () => new SixViewsCase(session, threads, isOnePass: true));
            yield return new("copy", "products", session, false, threads, () => new CopyCase(session, threads));
            yield return new("train-mlp", "learning", session, false, threads, () => new PerceptronCase(session, threads, [784, 1024, 1024, 10], 256));
            yield return new("train-tiny", "learning", session, false, threads, () => new PerceptronCase(session, threads, [64, 64, 10], 32));
            yield return new("train-transformer", "learning", session, false, threads, () => new TransformerCase(session, threads));
            yield return new("graph-epoch", "learning", session, false, threads, () => new GraphTrainingCase(session, threads));
            yield return new("train-dcca", "learning", session, false, threads, () => new DeepCorrelationCase(session, threads));
        }

        foreach (int threads in oneTwoAll)
        {
            yield return new("dtw", "warping", session, false, threads, () => WarpingCase.AllPairs(session, null, threads));
            yield return new("dtw-radius25", "warping", session, false, threads, () => WarpingCase.AllPairs(session, 25, threads));
            yield return new("attention", "attention", session, false, threads, () => new AttentionCase(session, threads, AttentionMasking.None, withGradients: false));
            yield return new("attention-causal", "attention", session, false, threads, () => new AttentionCase(session, threads, AttentionMasking.Causal, withGradients: false));
            yield return new("attention-mask", "attention", session, false, threads, () => new AttentionCase(session, threads, AttentionMasking.Dense, withGradients: false));
            yield return new("attention-bias", "attention", session, false, threads, () => new AttentionCase(session, threads, AttentionMasking.Bias, withGradients: false));
            yield return new("attention-gradients", "attention", session, false, threads, () => new AttentionCase(session, threads, AttentionMasking.None, withGradients: true));
            yield return new("attention-decode", "attention", session, false, threads, () => new DecodeCase(session, threads));
        }

        foreach (int threads in everyThread)
        {
            if (!session.Device.Description.SupportsFloat64) continue;
            yield return new("eigen-1024", "decompositions", session, true, threads, () => EigenCase.Large(session, threads));
            yield return new("eigen-batched", "decompositions", session, true, threads, () => EigenCase.Batched(session, threads));
            yield return new("svd-top", "decompositions", session, true, threads, () => new SvdTopCase(session, threads));
        }

        if (!session.IsHost)
        {
            yield return new("attention-long-d64", "attention", session, false, 0, () => AttentionCase.Long(session, 0, 64));
            yield return new("attention-long-d128", "attention", session, false, 0, () => AttentionCase.Long(session, 0, 128));
            yield break;
        }

        foreach (int threads in everyThread)
        {
            yield return new("six-grams-sum", "fusion", session, false, threads, () => new SixViewsCase(session, threads, isOnePass: false));
            yield return new("kernel-svm", "fusion", session, true, threads, () => new KernelSvmCase(session, threads)) { Allowed = 1e-3 };
            yield return new("kernel-svm-small", "fusion", session, true, threads, () => KernelSvmCase.Small(threads)) { Allowed = 1e-3 };
            yield return new("alignf", "fusion", session, false, threads, () => new AlignmentCase(session, threads));
        }

        foreach (int threads in oneTwoAll)
        {
            yield return new("exp", "products", session, false, threads, () => new ExponentialCase<float>(session, threads));
            yield return new("exp", "products", session, true, threads, () => new ExponentialCase<double>(session, threads));
        }
    }
}
