using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>Conversions between an element type and float64, for host code that is generic in the element.</summary>
internal static class Element
{
    /// <summary>The value rounded to <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(double value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Unsafe.BitCast<float, T>((float)value);
        return Unsafe.BitCast<double, T>(value);
    }

    /// <summary>The value in float64, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    /// <summary>The value as <typeparamref name="T"/> holds it.</summary>
    public static double Rounded<T>(double value)
        where T : unmanaged => ToDouble(Of<T>(value));

    /// <summary>The largest finite value of <typeparamref name="T"/>.</summary>
    public static double Largest<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? float.MaxValue : double.MaxValue;

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();

    /// <summary><c>float32</c> or <c>float64</c>.</summary>
    public static string NameOf<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? "float32" : "float64";

    /// <summary>Whether <typeparamref name="T"/> is an element that the kernels compute in.</summary>
    public static bool IsSupported<T>()
        where T : unmanaged => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}
