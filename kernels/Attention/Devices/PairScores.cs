using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>From the dot products of a thread's pairs to scores in base 2 and what becomes of them; queries are rows, four keys are columns.</summary>
internal static class PairScores
{
    private const int MaskedBits = unchecked((int)0xFF800000);
    private const int ExponentBits = 0x7F800000;

    /// <summary>Tangents of capped scores; anything where scores are not capped.</summary>
    public static Fragment<Lane32> Tangents(Fragment<Lane32> dots, AttentionShape shape) => shape.IsCapped == 0 ? dots : new()
    {
        Row0 = Tangent(dots.Row0, shape.DotFactor),
        Row1 = Tangent(dots.Row1, shape.DotFactor),
        Row2 = Tangent(dots.Row2, shape.DotFactor),
        Row3 = Tangent(dots.Row3, shape.DotFactor),
    };

    /// <summary>Scores, -infinity where masked.</summary>
    /// <param name="dots">Dot products, or <see cref="Tangents"/> of them.</param>
    /// <param name="rows">The queries.</param>
    /// <param name="key">The first key.</param>
    /// <param name="place">The group's place.</param>
    /// <param name="bias">Memory of the bias.</param>
    /// <param name="mask">Memory of the mask.</param>
    /// <param name="slopes">What a distance of 1 adds, by query head, in base 2.</param>
    /// <param name="shape">Sizes and rules.</param>
    public static Fragment<Lane32> Of(
        Fragment<Lane32> dots, PairRows rows, int key, AttentionPlace place, ArrayView<float> bias, ArrayView<byte> mask, ArrayView<float> slopes, AttentionShape shape) => new()
        {
            Row0 = Of(dots.Row0, rows.X, key, place, bias, mask, slopes, shape),
            Row1 = Of(dots.Row1, rows.Y, key, place, bias, mask, slopes, shape),
            Row2 = Of(dots.Row2, rows.Z, key, place, bias, mask, slopes, shape),
            Row3 = Of(dots.Row3, rows.W, key, place, bias, mask, slopes, shape),
        };

    /// <summary>Weights of a row of scores.</summary>
    public static Quad<Lane32> Weights(Quad<Lane32> scores, Lane32 reference) => new()
    {
        X = OnlineSoftmax.Weight<Lane32, float>(scores.X, reference),
        Y = OnlineSoftmax.Weight<Lane32, float>(scores.Y, reference),
        Z = OnlineSoftmax.Weight<Lane32, float>(scores.Z, reference),
        W = OnlineSoftmax.Weight<Lane32, float>(scores.W, reference),
    };

    /// <summary>Weights, or gradients of them, with those dropped that dropout drops; keys begin at a multiple of four.</summary>
    public static Fragment<Lane32> Drop(Fragment<Lane32> weights, PairRows rows, int key, AttentionPlace place, AttentionShape shape) => shape.HasDropout == 0 ? weights : new()
    {
        Row0 = Drop(weights.Row0, rows.X, key, place, shape),
        Row1 = Drop(weights.Row1, rows.Y, key, place, shape),
        Row2 = Drop(weights.Row2, rows.Z, key, place, shape),
        Row3 = Drop(weights.Row3, rows.W, key, place, shape),
    };

    /// <summary>Whether some pair of a quad is not masked; NaN is not.</summary>
    public static bool IsAlive(Quad<Lane32> scores) => !IsMasked(scores.X) || !IsMasked(scores.Y) || !IsMasked(scores.Z) || !IsMasked(scores.W);

    /// <summary>Whether a number is NaN or infinite; in integers, since device compilers may take NaN to compare.</summary>
    public static bool IsNonFinite(Lane32 value) => (BitConverter.SingleToInt32Bits(value.Value) & ExponentBits) == ExponentBits;

    /// <summary>Whether a number is -infinity; in integers, likewise.</summary>
    public static bool IsMasked(Lane32 score) => BitConverter.SingleToInt32Bits(score.Value) == MaskedBits;

    private static Quad<Lane32> Tangent(Quad<Lane32> dots, Lane32 factor) => new()
    {
        X = VectorMath.Tanh<Lane32, float>(dots.X * factor),
        Y = VectorMath.Tanh<Lane32, float>(dots.Y * factor),
        Z = VectorMath.Tanh<Lane32, float>(dots.Z * factor),
        W = VectorMath.Tanh<Lane32, float>(dots.W * factor),
    };

    private static Quad<Lane32> Of(
        Quad<Lane32> dots, PairRow row, int key, AttentionPlace place, ArrayView<float> bias, ArrayView<byte> mask, ArrayView<float> slopes, AttentionShape shape)
    {
        Lane32 factor = shape.IsCapped != 0 ? shape.CapFactor : shape.DotFactor;
        Quad<Lane32> scores = new() { X = dots.X * factor, Y = dots.Y * factor, Z = dots.Z * factor, W = dots.W * factor };
        int keys = row.IsThere != 0 ? place.Keys - key : 0;
        if (shape.HasSlopes != 0 && keys > 0) scores = Penalize(scores, Lane32.Broadcast(slopes[row.Head]), row.Query + place.Problem.Position, key);
        if (shape.HasBias != 0)
        {
            Quad<Lane32> added = QuadAccess.Load<Lane32, float>(bias, shape.Bias.At(place.Item, row.Head, row.Query, key), shape.Bias.Column, keys, isVector: 0);
            scores.X = AddOrMask(added.X, scores.X);
            scores.Y = AddOrMask(added.Y, scores.Y);
            scores.Z = AddOrMask(added.Z, scores.Z);
            scores.W = AddOrMask(added.W, scores.W);
        }

        KeyRange range = AttentionPlace.RangeOf(place, shape, row.Query);
        int kept = Visible(range, key, place, keys, 0) | Visible(range, key + 1, place, keys, 1) | Visible(range, key + 2, place, keys, 2) | Visible(range, key + 3, place, keys, 3);
        if (shape.HasMask != 0) kept &= Kept(mask, shape.Mask.At(place.Item, row.Head, row.Query, key), shape.Mask.Column, keys);
        Lane32 masked = new(float.NegativeInfinity);
        return new()
        {
            X = (kept & 1) != 0 ? scores.X : masked,
            Y = (kept & 2) != 0 ? scores.Y : masked,
            Z = (kept & 4) != 0 ? scores.Z : masked,
            W = (kept & 8) != 0 ? scores.W : masked,
        };
    }

    // -infinity masks whatever the score is, NaN included.
    private static Lane32 AddOrMask(Lane32 bias, Lane32 score) => IsMasked(bias) ? bias : ScoreRules.AddBias<Lane32, float>(bias, score);

    private static int Visible(KeyRange range, int key, AttentionPlace place, int keys, int bit) => bit < keys && range.Shows(key, place.Problem.Prefix) ? 1 << bit : 0;

    private static int Kept(ArrayView<byte> mask, long first, long step, int keys)
    {
        int kept = 0;
        if (keys > 0 && mask[first] != 0) kept = 1;
        if (keys > 1 && mask[first + step] != 0) kept |= 2;
        if (keys > 2 && mask[first + (2 * step)] != 0) kept |= 4;
        if (keys > 3 && mask[first + (3 * step)] != 0) kept |= 8;
        return kept;
    }

    private static Quad<Lane32> Penalize(Quad<Lane32> scores, Lane32 factor, int position, int key)
    {
        // Positions are exact in float32: lengths are limited to 2^24.
        Lane32 query = new(position), first = new(key);
        return new()
        {
            X = ScoreRules.Penalize<Lane32, float>(factor, query, first, scores.X),
            Y = ScoreRules.Penalize<Lane32, float>(factor, query, first + new Lane32(1), scores.Y),
            Z = ScoreRules.Penalize<Lane32, float>(factor, query, first + new Lane32(2), scores.Z),
            W = ScoreRules.Penalize<Lane32, float>(factor, query, first + new Lane32(3), scores.W),
        };
    }

    private static Quad<Lane32> Drop(Quad<Lane32> weights, PairRow row, int key, AttentionPlace place, AttentionShape shape)
    {
        Philox<Word> words = shape.Dropout.Draw(new Word((uint)key / DropoutRule.KeysAtOnce), new Word((uint)row.Query), shape.FirstHead + row.Head, shape.FirstItem + place.Item);
        Lane32 none = new(0);
        return new()
        {
            X = words.First.Value < shape.Dropout.Threshold ? none : weights.X * shape.KeepScale,
            Y = words.Second.Value < shape.Dropout.Threshold ? none : weights.Y * shape.KeepScale,
            Z = words.Third.Value < shape.Dropout.Threshold ? none : weights.Z * shape.KeepScale,
            W = words.Fourth.Value < shape.Dropout.Threshold ? none : weights.W * shape.KeepScale,
        };
    }
}
