using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>
/// A block of four words of the counter-based generator Philox-4x32-10 (Salmon, Moraes, Dror and Shaw 2011): a function of its
/// counter and key alone, so that any part of a stream is drawn anywhere, in any order.
/// </summary>
/// <typeparam name="W">Lanes of words; <see cref="Word"/> in device code.</typeparam>
internal readonly struct Philox<W>(W first, W second, W third, W fourth)
    where W : unmanaged, IWords<W>
{
    private const int Rounds = 10;
    private const uint FirstFactor = 0xD2511F53, SecondFactor = 0xCD9E8D57, FirstStep = 0x9E3779B9, SecondStep = 0xBB67AE85;

    /// <summary>Word 0 of the counter, or of what was drawn.</summary>
    public readonly W First = first;

    /// <summary>Word 1.</summary>
    public readonly W Second = second;

    /// <summary>Word 2.</summary>
    public readonly W Third = third;

    /// <summary>Word 3.</summary>
    public readonly W Fourth = fourth;

    /// <summary>What is drawn for a counter under a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Philox<W> Draw(W first, W second, W third, W fourth, uint firstKey, uint secondKey)
    {
        for (int round = 0; round < Rounds; round++)
        {
            W next = W.High(third, SecondFactor) ^ second ^ W.Broadcast(firstKey);
            second = W.Low(third, SecondFactor);
            third = W.High(first, FirstFactor) ^ fourth ^ W.Broadcast(secondKey);
            fourth = W.Low(first, FirstFactor);
            first = next;
            firstKey += FirstStep;
            secondKey += SecondStep;
        }

        return new(first, second, third, fourth);
    }
}
