using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>The elements of <see cref="Lanes1{T}"/>.</summary>
internal readonly unsafe struct Registers1<T> : IRegisters<T, T>
    where T : unmanaged
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T addend) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<float, T>(float.MultiplyAddEstimate(Unsafe.BitCast<T, float>(a), Unsafe.BitCast<T, float>(b), Unsafe.BitCast<T, float>(addend)))
        : Unsafe.BitCast<double, T>(double.MultiplyAddEstimate(Unsafe.BitCast<T, double>(a), Unsafe.BitCast<T, double>(b), Unsafe.BitCast<T, double>(addend)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T left, T right) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<float, T>(Unsafe.BitCast<T, float>(left) + Unsafe.BitCast<T, float>(right))
        : Unsafe.BitCast<double, T>(Unsafe.BitCast<T, double>(left) + Unsafe.BitCast<T, double>(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T left, T right) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<float, T>(Unsafe.BitCast<T, float>(left) * Unsafe.BitCast<T, float>(right))
        : Unsafe.BitCast<double, T>(Unsafe.BitCast<T, double>(left) * Unsafe.BitCast<T, double>(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T value, T* destination) => *destination = value;
}
