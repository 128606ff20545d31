namespace FusionKernels.Tests.Simd;

/// <summary>Arguments of float32 functions.</summary>
internal static class SingleArguments
{
    /// <summary>Zero, the smallest denormal and normal numbers, where functions change their way of computing, overflow or vanish, the largest number and infinity.</summary>
    private static readonly float[] s_special =
    [
        0f, float.Epsilon, 1.17549435e-38f, 1f, 0.625f, 0.25f, 0.5f, 0.75f, 1.5f, 2f, MathF.Sqrt(2f), MathF.Sqrt(0.5f), 9.01f, 9.25f,
        88.72284f, 89f, 87.33655f, 103.97208f, 104f, 4194304f, 8388608f, 16777216f, float.MaxValue, float.PositiveInfinity,
    ];

    /// <summary>The special numbers of either sign, and so many on each side of them; beyond infinity there are NaNs.</summary>
    public static IEnumerable<float> AroundSpecial(int steps) =>
        s_special.SelectMany(centre => Enumerable.Range(-steps, (2 * steps) + 1).Select(step => Step(centre, step))).SelectMany(x => new[] { x, -x });

    /// <summary>Every so many of the 2^32 numbers, from the first on.</summary>
    public static IEnumerable<float> Every(long stride)
    {
        for (long bits = 0; bits <= uint.MaxValue; bits += stride) yield return BitConverter.UInt32BitsToSingle((uint)bits);
    }

    private static float Step(float centre, int steps) =>
        BitConverter.Int32BitsToSingle(Math.Max(BitConverter.SingleToInt32Bits(centre) + steps, 0));
}
