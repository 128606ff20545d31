using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>256 bits: 8 words.</summary>
internal readonly unsafe struct Words256(Vector256<uint> value) : IHostWords<Words256>
{
    private readonly Vector256<uint> _value = value;

    public static int Count => Vector256<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Broadcast(uint word) => new(Vector256.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 operator ^(Words256 left, Words256 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 Low(Words256 left, uint right) => new(left._value * Vector256.Create(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 High(Words256 left, uint right)
    {
        // Products of the even words and of the odd ones, whose high halves are put side by side.
        Vector256<uint> factor = Vector256.Create(right);
        Vector256<ulong> even = Multiply(left._value, factor) >>> 32;
        Vector256<ulong> odd = Multiply((left._value.AsUInt64() >>> 32).AsUInt32(), factor);
        return new(Vector256.ConditionalSelect(Vector256.Create(0xFFFFFFFFUL), even, odd).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 From(uint first) => new(Vector256.Create(first) + Vector256<uint>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words256 ZeroBelow(Words256 words, uint bound, uint otherwise) =>
        new(Vector256.GreaterThanOrEqual(words._value, Vector256.Create(bound)) & Vector256.Create(otherwise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words256 words, uint* destination) => words._value.Store(destination);

    /// <summary>Products of the even words, in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<uint> left, Vector256<uint> right) => Avx2.IsSupported ? Avx2.Multiply(left, right)
        : (left.AsUInt64() & Vector256.Create(0xFFFFFFFFUL)) * (right.AsUInt64() & Vector256.Create(0xFFFFFFFFUL));
}
