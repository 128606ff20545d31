using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>
/// Which elements dropout keeps: a word each, drawn by <see cref="Philox{W}"/> with the seed as its key and the element's place, the
/// operation and the step as its counter. Vectors, threads and engines do not enter. Device code may call all of it.
/// </summary>
/// <param name="threshold">Words below it drop their element: probability times 2^32.</param>
/// <param name="seed">The seed.</param>
/// <param name="operation">Number of the operation within a step.</param>
/// <param name="step">Number of the step.</param>
internal readonly struct DropoutMask(uint threshold, ulong seed, uint operation, uint step)
{
    /// <summary>Counters of a block, which lie in as many lanes: word w of counter i is for element 16 w + i of the block's 64.</summary>
    public const int Counters = 16;

    /// <summary>Elements of a block.</summary>
    public const int Elements = 4 * Counters;

    /// <summary>Words below it drop their element.</summary>
    public readonly uint Threshold = threshold;

    private readonly uint _seedLow = (uint)seed;
    private readonly uint _seedHigh = (uint)(seed >> 32);
    private readonly uint _operation = operation;
    private readonly uint _step = step;

    /// <summary>The mask of a probability of 0 to below 1.</summary>
    public static DropoutMask Of(double probability, ulong seed, uint operation, uint step) =>
        new((uint)Math.Min(uint.MaxValue, Math.Round(probability * 4294967296.0)), seed, operation, step);

    /// <summary>The words of some counters, all below 2^32 blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Philox<W> Draw<W>(W counters, uint high)
        where W : unmanaged, IWords<W> => Philox<W>.Draw(counters, W.Broadcast(high), W.Broadcast(_operation), W.Broadcast(_step), _seedLow, _seedHigh);
}
