using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>512 bits: 16 words.</summary>
internal readonly unsafe struct Words512(Vector512<uint> value) : IHostWords<Words512>
{
    private readonly Vector512<uint> _value = value;

    public static int Count => Vector512<uint>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Broadcast(uint word) => new(Vector512.Create(word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 operator ^(Words512 left, Words512 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 Low(Words512 left, uint right) => new(left._value * Vector512.Create(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 High(Words512 left, uint right)
    {
        // Products of the even words and of the odd ones, whose high halves are put side by side.
        Vector512<uint> factor = Vector512.Create(right);
        Vector512<ulong> even = Multiply(left._value, factor) >>> 32;
        Vector512<ulong> odd = Multiply((left._value.AsUInt64() >>> 32).AsUInt32(), factor);
        return new(Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFFUL), even, odd).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 From(uint first) => new(Vector512.Create(first) + Vector512<uint>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words512 ZeroBelow(Words512 words, uint bound, uint otherwise) =>
        new(Vector512.GreaterThanOrEqual(words._value, Vector512.Create(bound)) & Vector512.Create(otherwise));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Words512 words, uint* destination) => words._value.Store(destination);

    /// <summary>Products of the even words, in 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<uint> left, Vector512<uint> right) => Avx512F.IsSupported ? Avx512F.Multiply(left, right)
        : (left.AsUInt64() & Vector512.Create(0xFFFFFFFFUL)) * (right.AsUInt64() & Vector512.Create(0xFFFFFFFFUL));
}
