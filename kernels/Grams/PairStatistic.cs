namespace FusionKernels.Kernels.Grams;

/// <summary>What must be summed over the features of a pair before a kernel's function applies; functions of one statistic share its sums.</summary>
internal enum PairStatistic
{
    /// <summary>x.y of the rows as they are.</summary>
    Dot,

    /// <summary>|x - y|^2, from centred norms and dot products.</summary>
    SquaredDistance,

    /// <summary>|x - y|_1.</summary>
    AbsoluteDifference,

    /// <summary>sum (x - y)^2 / (x + y).</summary>
    ChiSquared,

    /// <summary>sum sin^2(pi (x - y) / p).</summary>
    SineSquared,
}
