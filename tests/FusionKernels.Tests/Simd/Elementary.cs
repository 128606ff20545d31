using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;

namespace FusionKernels.Tests.Simd;

/// <summary>Runs lanes over arrays, and knows what to expect of them.</summary>
internal static class Elementary
{
    /// <summary>Whether lanes <typeparamref name="V"/> round a * b + c once on this machine.</summary>
    public static bool Fuses<V>() =>
        typeof(V) != typeof(Lane32) && typeof(V) != typeof(Lane64) && (Fma.IsSupported || AdvSimd.IsSupported);

    /// <summary>The function over lanes.</summary>
    public static Func<V, V> Of<V, T>(ElementaryFunction function)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => function switch
        {
            ElementaryFunction.Exp => VectorMath.Exp<V, T>,
            ElementaryFunction.Log => VectorMath.Log<V, T>,
            ElementaryFunction.Tanh => VectorMath.Tanh<V, T>,
            ElementaryFunction.SinSquaredPi => VectorMath.SinSquaredPi<V, T>,
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

    /// <summary>The bound of the function.</summary>
    public static double Of(this ElementaryUlps bounds, ElementaryFunction function) => function switch
    {
        ElementaryFunction.Exp => bounds.Exp,
        ElementaryFunction.Log => bounds.Log,
        ElementaryFunction.Tanh => bounds.Tanh,
        ElementaryFunction.SinSquaredPi => bounds.SinSquaredPi,
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    /// <summary>The function of every element, whatever the number of lanes.</summary>
    public static T[] Map<V, T>(Func<V, V> function, ReadOnlySpan<T> source)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged =>
        Map<V, T>((lanes, _, _) => function(lanes), source, default, default);

    /// <summary>The function of every three elements; sources left out are zero.</summary>
    public static T[] Map<V, T>(Func<V, V, V, V> function, ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> third)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        T[] result = new T[RoundUp<V, T>(first.Length)];
        Span<V> a = Lanes<V, T>(first);
        Span<V> b = second.IsEmpty ? new V[a.Length] : Lanes<V, T>(second);
        Span<V> c = third.IsEmpty ? new V[a.Length] : Lanes<V, T>(third);
        Span<V> lanes = MemoryMarshal.Cast<T, V>(result.AsSpan());
        for (int i = 0; i < lanes.Length; i++) lanes[i] = function(a[i], b[i], c[i]);
        return result[..first.Length];
    }

    private static Span<V> Lanes<V, T>(ReadOnlySpan<T> source)
        where V : unmanaged
        where T : unmanaged
    {
        T[] padded = new T[RoundUp<V, T>(source.Length)];
        source.CopyTo(padded);
        return MemoryMarshal.Cast<T, V>(padded.AsSpan());
    }

    private static unsafe int RoundUp<V, T>(int length)
        where V : unmanaged
        where T : unmanaged
    {
        int lanes = sizeof(V) / sizeof(T);
        return (length + lanes - 1) / lanes * lanes;
    }
}
