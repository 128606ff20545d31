using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <content>Calls large enough that the threads of a host and the groups of a device share them.</content>
internal static partial class PublicCalls
{
    /// <summary>One or more of each family that computes.</summary>
    public static IReadOnlyList<PublicCall> Larger { get; } = [.. LargerCalls()];

    private static IEnumerable<PublicCall> LargerCalls()
    {
        Tensor<float> wide = Matrix(80, 400, 48), other = Matrix(81, 300, 48), narrow = Matrix(82, 400, 12), square = Definite(83, 96);
        Tensor<float>[] series = [.. Enumerable.Range(0, 24).Select(one => Matrix(100 + one, 90 + one, 1))];
        Tensor<float> q = Matrix(84, 2, 4, 130, 32), k = Matrix(85, 2, 4, 130, 32), v = Matrix(86, 2, 4, 130, 32), gradient = Matrix(87, 2, 4, 130, 32);
        yield return new("products", "MatrixProduct.Multiply larger", site => MatrixProduct.Multiply(wide, Matrix(88, 48, 200), site.In(new MatrixProductOptions())));
        yield return new("grams", "Gram.Compute larger", site => Gram.Compute(wide, other, Kernel.Rbf() + Kernel.Linear().Centered(), site.In(new GramOptions())));
        yield return new("warping", "Dtw.Distances larger", site => Dtw.Distances(series, site.In(new DtwOptions { Window = WarpingWindow.Radius(20) })));
        yield return new("warping", "SoftDtw.ValuesAndGradients larger", site => SoftDtw.ValuesAndGradients(series[..12], series[12..], site.In(new SoftDtwOptions())));
        yield return new("decompositions", "Cholesky.Factor larger", site => Cholesky.Factor(square, site.Plain));
        yield return new("correlation", "CanonicalCorrelation.Fit larger", site => CanonicalCorrelation.Fit(wide, narrow, site.In(new CanonicalCorrelationOptions { Ridge = 0.1 })));
        yield return new("attention", "Attention.Forward larger", site => Attention.Forward(q, k, v, site.In(new AttentionOptions { Causal = CausalAlignment.TopLeft })));
        yield return new("attention", "Attention.Backward larger", site => Attention.Backward(
            q, k, v, Attention.ForwardWithLogSumExp(q, k, v, site.In(new AttentionOptions())), gradient, site.In(new AttentionOptions())));
    }
}
