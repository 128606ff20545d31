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
        V[] a = ToLanes<V, T>(first);
        V[] b = second.IsEmpty ? new V[a.Length] : ToLanes<V, T>(second);
        V[] c = third.IsEmpty ? new V[a.Length] : ToLanes<V, T>(third);
        for (int i = 0; i < a.Length; i++) a[i] = function(a[i], b[i], c[i]);
        return FromLanes<V, T>(a)[..first.Length];
    }

    /// <summary>The elements as lanes, the last ones filled up with zeros.</summary>
    public static unsafe V[] ToLanes<V, T>(ReadOnlySpan<T> source)
        where V : unmanaged
        where T : unmanaged
    {
        int count = sizeof(V) / sizeof(T);
        V[] lanes = new V[(source.Length + count - 1) / count];
        source.CopyTo(MemoryMarshal.Cast<V, T>(lanes.AsSpan()));
        return lanes;
    }

    /// <summary>Every lane as an element.</summary>
    public static T[] FromLanes<V, T>(V[] lanes)
        where V : unmanaged
        where T : unmanaged =>
        MemoryMarshal.Cast<V, T>(lanes.AsSpan()).ToArray();
}
