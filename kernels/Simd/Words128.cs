using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>128 bits: 4 words.</summary>
internal readonly unsafe struct Words128(Vector128<uint> value) : IHostWords<Words128>
{
    private readonly Vector128<uint> _value = value;

    public static int Count => Vector128<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Broadcast(uint word) => new(Vector128.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 operator ^(Words128 left, Words128 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 Low(Words128 left, uint right) => new(left._value * Vector128.Create(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 High(Words128 left, uint right)
    {
        // Products of the even words and of the odd ones, whose high halves are put side by side.
        Vector128<uint> factor = Vector128.Create(right);
        Vector128<ulong> even = Multiply(left._value, factor) >>> 32;
        Vector128<ulong> odd = Multiply((left._value.AsUInt64() >>> 32).AsUInt32(), factor);
        return new(Vector128.ConditionalSelect(Vector128.Create(0xFFFFFFFFUL), even, odd).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 From(uint first) => new(Vector128.Create(first) + Vector128<uint>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words128 ZeroBelow(Words128 words, uint bound, uint otherwise) =>
        new(Vector128.GreaterThanOrEqual(words._value, Vector128.Create(bound)) & Vector128.Create(otherwise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words128 words, uint* destination) => words._value.Store(destination);

    /// <summary>Products of the even words, in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported ? Sse2.Multiply(left, right)
        : (left.AsUInt64() & Vector128.Create(0xFFFFFFFFUL)) * (right.AsUInt64() & Vector128.Create(0xFFFFFFFFUL));
}
