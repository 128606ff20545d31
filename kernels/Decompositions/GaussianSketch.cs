using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Columns of independent standard normal numbers, each a function of the seed and its place alone.</summary>
internal static class GaussianSketch
{
    /// <summary>The step of the counter and the two factors of the hash (Steele, Lea and Flood 2014: SplitMix64).</summary>
    private const ulong Step = 0x9E3779B97F4A7C15, First = 0xBF58476D1CE4E5B9, Second = 0x94D049BB133111EB;

    /// <summary>Fills some columns.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="column">The first column's number.</param>
    /// <param name="width">Columns.</param>
    /// <param name="sketch">rows x width, row by row.</param>
    public static void Fill<T>(ulong seed, int column, int width, Span<T> sketch)
        where T : unmanaged
    {
        for (int i = 0; i < sketch.Length; i++)
        {
            ulong place = ((ulong)(i / width) << 32) | (uint)(column + (i % width));

            // Box and Muller; a uniform number is above 0.
            double radius = Math.Sqrt(-2 * Math.Log(Uniform(seed, 2 * place))), angle = 2 * Math.PI * Uniform(seed, (2 * place) + 1);
            sketch[i] = Element.Of<T>(radius * Math.Cos(angle));
        }
    }

    /// <summary>53 bits of the hash, above 0 and up to 1.</summary>
    private static double Uniform(ulong seed, ulong counter)
    {
        ulong hash = Mix(Mix(seed + Step) + (counter * Step));
        return ((hash >> 11) + 1) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * First;
        value = (value ^ (value >> 27)) * Second;
        return value ^ (value >> 31);
    }
}
