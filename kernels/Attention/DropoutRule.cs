using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Which weights dropout keeps: a word for every item, query head, query and key, drawn by <see cref="Philox{W}"/> with the seed as
/// its key, decides. Tiles, threads and engines do not enter, so every pass sees the same mask. Device code may call all of it.
/// </summary>
/// <param name="threshold">Words below it drop their pair: probability times 2^32.</param>
/// <param name="seedLow">The seed's low half.</param>
/// <param name="seedHigh">The seed's high half.</param>
internal readonly struct DropoutRule(uint threshold, uint seedLow, uint seedHigh)
{
    /// <summary>Keys that share one drawing, a word each.</summary>
    public const int KeysAtOnce = 4;

    /// <summary>Words below it drop their pair; 0 for none.</summary>
    public readonly uint Threshold = threshold;

    /// <summary>The seed's low half.</summary>
    public readonly uint SeedLow = seedLow;

    /// <summary>The seed's high half.</summary>
    public readonly uint SeedHigh = seedHigh;

    /// <summary>The rule of a probability of 0 to below 1 and a seed.</summary>
    public static DropoutRule Of(double probability, ulong seed) =>
        new((uint)Math.Min(uint.MaxValue, Math.Round(probability * 4294967296.0)), (uint)seed, (uint)(seed >> 32));

    /// <summary>The words of the keys 4 <paramref name="keys"/> to 4 <paramref name="keys"/> + 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Philox<W> Draw<W>(W keys, W queries, int head, int item)
        where W : unmanaged, IWords<W> => Philox<W>.Draw(keys, queries, W.Broadcast((uint)head), W.Broadcast((uint)item), SeedLow, SeedHigh);

    /// <summary>Whether the weight of one pair is kept.</summary>
    public bool Keeps(int item, int head, int query, int key)
    {
        Philox<Word> block = Draw(new Word((uint)key / KeysAtOnce), new Word((uint)query), head, item);
        int place = key % KeysAtOnce;
        uint word = place < 2 ? (place == 0 ? block.First.Value : block.Second.Value) : (place == 2 ? block.Third.Value : block.Fourth.Value);
        return word >= Threshold;
    }
}
