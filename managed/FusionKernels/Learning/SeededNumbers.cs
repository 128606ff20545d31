using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Numbers that are functions of a seed, a stream and three counters alone, drawn in float64 on the host.</summary>
internal static class SeededNumbers
{
    /// <summary>A number in (0, 1) of 53 bits.</summary>
    public static double Uniform(int place, uint number, uint step, uint stream, ulong seed)
    {
        Philox<Word> drawn = Draw(place, number, step, stream, seed);
        return Unit(drawn.First, drawn.Second);
    }

    /// <summary>A normal number by Box and Muller 1958.</summary>
    public static double Normal(int place, uint number, uint step, uint stream, ulong seed)
    {
        Philox<Word> drawn = Draw(place, number, step, stream, seed);
        return Math.Sqrt(-2 * Math.Log(Unit(drawn.First, drawn.Second))) * Math.Cos(2 * Math.PI * Unit(drawn.Third, drawn.Fourth));
    }

    private static Philox<Word> Draw(int place, uint number, uint step, uint stream, ulong seed) =>
        Philox<Word>.Draw(new((uint)place), new(step), new(number), new(stream), (uint)seed, (uint)(seed >> 32));

    private static double Unit(Word high, Word low) => ((((ulong)high.Value << 21) | (low.Value >> 11)) + 0.5) / (1UL << 53);
}
