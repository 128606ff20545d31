using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>One word, for device kernels, the reference and the scalar host.</summary>
internal readonly unsafe struct Word(uint value) : IHostWords<Word>
{
    /// <summary>The word.</summary>
    public readonly uint Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word Broadcast(uint word) => new(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word operator ^(Word left, Word right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word Low(Word left, uint right) => new(left.Value * right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Word High(Word left, uint right) => new((uint)(((ulong)left.Value * right) >> 32));

    public static Word From(uint first) => new(first);

    public static Word ZeroBelow(Word words, uint bound, uint otherwise) => new(words.Value < bound ? 0 : otherwise);

    public static void Store(Word words, uint* destination) => *destination = words.Value;
}
