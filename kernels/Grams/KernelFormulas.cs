namespace FusionKernels.Kernels.Grams;

/// <summary>The kernels' formulas as the literature prints them, in float64: what the reference and the diagonal read.</summary>
internal static class KernelFormulas
{
    /// <summary>One kernel of one pair.</summary>
    public static double Evaluate(in GramOp op, in PairSums pair)
    {
        double scaled = op.A * Math.Sqrt(pair.Squared);
        return op.Code switch
        {
            GramOpCode.Linear => pair.Dot,
            GramOpCode.Polynomial => Math.Pow((op.A * pair.Dot) + op.B, op.Index),
            GramOpCode.Rbf => Math.Exp(-op.A * pair.Squared),
            GramOpCode.Laplacian => Math.Exp(-op.A * pair.Absolute),
            GramOpCode.Exponential => Math.Exp(-scaled),
            GramOpCode.Distance => scaled,
            GramOpCode.Sigmoid => Math.Tanh((op.A * pair.Dot) + op.B),
            GramOpCode.Cosine => pair.NormX == 0 || pair.NormY == 0 ? 0 : pair.Dot / Math.Sqrt(pair.NormX * pair.NormY),
            GramOpCode.ChiSquared => Math.Exp(-op.A * pair.Chi),
            GramOpCode.AdditiveChiSquared => -pair.Chi,
            GramOpCode.Matern32 => (1 + scaled) * Math.Exp(-scaled),
            GramOpCode.Matern52 => (1 + scaled + (scaled * scaled / 3)) * Math.Exp(-scaled),
            GramOpCode.RationalQuadratic => Math.Pow(1 + (op.B * pair.Squared), -op.A),
            GramOpCode.Periodic => Math.Exp(-op.A * pair.Sine),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op.Code, "Not a kernel."),
        };
    }
}
