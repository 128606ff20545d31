using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Gradients of the scores of a thread's pairs (Dao et al. 2022, algorithm 4); queries are rows.</summary>
internal static class PairGradients
{
    /// <summary>What the scores of the rows are measured against once log-sum-exps are known, in base 2.</summary>
    /// <param name="references">Reference and mean of every query row, side by side.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="place">The group's place.</param>
    /// <param name="shape">Sizes.</param>
    public static Quad<Lane32> References(ArrayView<float> references, PairRows rows, AttentionPlace place, AttentionShape shape) => Each(references, 0, rows, place, shape);

    /// <summary>What gradients of the rows' weights average to.</summary>
    /// <inheritdoc cref="References"/>
    public static Quad<Lane32> Means(ArrayView<float> references, PairRows rows, AttentionPlace place, AttentionShape shape) => Each(references, 1, rows, place, shape);

    /// <summary>Gradients of scores, taken back through the soft cap.</summary>
    /// <param name="weights">Weights.</param>
    /// <param name="products">Gradients with respect to them.</param>
    /// <param name="means">What those of each row average to.</param>
    public static Fragment<Lane32> OfScores(Fragment<Lane32> weights, Fragment<Lane32> products, Quad<Lane32> means) => new()
    {
        Row0 = OfScores(weights.Row0, products.Row0, means.X),
        Row1 = OfScores(weights.Row1, products.Row1, means.Y),
        Row2 = OfScores(weights.Row2, products.Row2, means.Z),
        Row3 = OfScores(weights.Row3, products.Row3, means.W),
    };

    /// <summary>Gradients taken back through the soft cap, where there is one.</summary>
    public static Fragment<Lane32> PassCap(Fragment<Lane32> gradients, Fragment<Lane32> tangents, AttentionShape shape) => shape.IsCapped == 0 ? gradients : new()
    {
        Row0 = PassCap(gradients.Row0, tangents.Row0),
        Row1 = PassCap(gradients.Row1, tangents.Row1),
        Row2 = PassCap(gradients.Row2, tangents.Row2),
        Row3 = PassCap(gradients.Row3, tangents.Row3),
    };

    private static Quad<Lane32> Each(ArrayView<float> references, int which, PairRows rows, AttentionPlace place, AttentionShape shape) => new()
    {
        X = Of(references, which, rows.X, place, shape),
        Y = Of(references, which, rows.Y, place, shape),
        Z = Of(references, which, rows.Z, place, shape),
        W = Of(references, which, rows.W, place, shape),
    };

    private static Lane32 Of(ArrayView<float> references, int which, PairRow row, AttentionPlace place, AttentionShape shape) =>
        row.IsThere != 0 ? Lane32.Broadcast(references[(2 * PairRow.IndexOf(row, place, shape)) + which]) : new(0);

    private static Quad<Lane32> OfScores(Quad<Lane32> weights, Quad<Lane32> products, Lane32 mean) => new()
    {
        X = ScoreRules.Gradient<Lane32, float>(weights.X, products.X, mean, mayBeMasked: true),
        Y = ScoreRules.Gradient<Lane32, float>(weights.Y, products.Y, mean, mayBeMasked: true),
        Z = ScoreRules.Gradient<Lane32, float>(weights.Z, products.Z, mean, mayBeMasked: true),
        W = ScoreRules.Gradient<Lane32, float>(weights.W, products.W, mean, mayBeMasked: true),
    };

    // A masked pair's gradient is 0, whatever its tangent.
    private static Quad<Lane32> PassCap(Quad<Lane32> gradients, Quad<Lane32> tangents) => new()
    {
        X = PassCap(gradients.X, tangents.X),
        Y = PassCap(gradients.Y, tangents.Y),
        Z = PassCap(gradients.Z, tangents.Z),
        W = PassCap(gradients.W, tangents.W),
    };

    private static Lane32 PassCap(Lane32 gradient, Lane32 tangent) => BitConverter.SingleToInt32Bits(gradient.Value) << 1 == 0 ? gradient : gradient * ScoreRules.CapSlope<Lane32, float>(tangent);
}
