using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>One lane of float32 or float64: the host's scalar width, for machines without SIMD and for comparison.</summary>
internal readonly unsafe struct Lanes1<T>(T value) : IHostVector<Lanes1<T>, T>
    where T : unmanaged
{
    private readonly T _value = value;

    private float Single
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<T, float>(_value);
    }

    private double Double
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Unsafe.BitCast<T, double>(_value);
    }

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    public static bool IsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(double);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Broadcast(T value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Constant(double value) => typeof(T) == typeof(float) ? Of((float)value) : Of(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator +(Lanes1<T> left, Lanes1<T> right) => typeof(T) == typeof(float)
        ? Of(left.Single + right.Single)
        : Of(left.Double + right.Double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator -(Lanes1<T> left, Lanes1<T> right) => typeof(T) == typeof(float)
        ? Of(left.Single - right.Single)
        : Of(left.Double - right.Double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator *(Lanes1<T> left, Lanes1<T> right) => typeof(T) == typeof(float)
        ? Of(left.Single * right.Single)
        : Of(left.Double * right.Double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> operator /(Lanes1<T> left, Lanes1<T> right) => typeof(T) == typeof(float)
        ? Of(left.Single / right.Single)
        : Of(left.Double / right.Double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> MultiplyAdd(Lanes1<T> a, Lanes1<T> b, Lanes1<T> addend) => new(Registers1<T>.MultiplyAdd(a._value, b._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Min(Lanes1<T> left, Lanes1<T> right)
    {
        // One instruction instead of a branch that data decide; on x86 it returns the right operand of two that do not compare.
        if (X86Base.IsSupported)
        {
            return typeof(T) == typeof(float) ? Of(float.MinNative(left.Single, right.Single)) : Of(double.MinNative(left.Double, right.Double));
        }

        return AnyLess(left, right) ? left : right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> MinNonNegative(Lanes1<T> left, Lanes1<T> right) => Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> LeastNonNegative(Lanes1<T> first, Lanes1<T> second, Lanes1<T> last) =>
        MinNonNegative(MinNonNegative(second, first), last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Max(Lanes1<T> left, Lanes1<T> right)
    {
        if (X86Base.IsSupported)
        {
            return typeof(T) == typeof(float) ? Of(float.MaxNative(left.Single, right.Single)) : Of(double.MaxNative(left.Double, right.Double));
        }

        return AnyLess(right, left) ? left : right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Abs(Lanes1<T> value) => typeof(T) == typeof(float)
        ? Of(float.Abs(value.Single))
        : Of(double.Abs(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Sqrt(Lanes1<T> value) => typeof(T) == typeof(float)
        ? Of(float.Sqrt(value.Single))
        : Of(double.Sqrt(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> SelectLess(Lanes1<T> left, Lanes1<T> right, Lanes1<T> then, Lanes1<T> otherwise) =>
        AnyLess(left, right) ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Round(Lanes1<T> value) => typeof(T) == typeof(float)
        ? Of(float.Round(value.Single))
        : Of(double.Round(value.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> ScaleByPowerOfTwo(Lanes1<T> value, Lanes1<T> power) => typeof(T) == typeof(float)
        ? Of(Lane32.ScaleByPowerOfTwo(new(value.Single), new(power.Single)).Value)
        : Of(Lane64.ScaleByPowerOfTwo(new(value.Double), new(power.Double)).Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Exponent(Lanes1<T> value) => typeof(T) == typeof(float)
        ? Of(Lane32.Exponent(new(value.Single)).Value)
        : Of(Lane64.Exponent(new(value.Double)).Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Mantissa(Lanes1<T> value) => typeof(T) == typeof(float)
        ? Of(Lane32.Mantissa(new(value.Single)).Value)
        : Of(Lane64.Mantissa(new(value.Double)).Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> CopySign(Lanes1<T> magnitude, Lanes1<T> sign) => typeof(T) == typeof(float)
        ? Of(float.CopySign(magnitude.Single, sign.Single))
        : Of(double.CopySign(magnitude.Double, sign.Double));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Load(T* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> Subtract(Lanes1<T> left, T* right) => left - new Lanes1<T>(*right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> MinNonNegative(Lanes1<T> left, T* right) => MinNonNegative(left, new Lanes1<T>(*right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> LoadPartial(T* source, int count) => count > 0 ? new(*source) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1<T> value, T* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lanes1<T> value, T* destination) => *destination = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes1<T> value, T* destination, int count)
    {
        if (count > 0) *destination = value._value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> ScaleDown(Lanes1<T> value, Lanes1<T> power) =>
        ScaleByPowerOfTwo(value, Max(Constant(typeof(T) == typeof(float) ? -2 * FloatLayout.Bias32 : -2 * FloatLayout.Bias64), power));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> ScaleDownGradually(Lanes1<T> value, Lanes1<T> power) => ScaleByPowerOfTwo(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Lanes1<T> left, Lanes1<T> right) => typeof(T) == typeof(float)
        ? left.Single < right.Single
        : left.Double < right.Double;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes1<T> value) => value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Lanes1<T> first, Lanes1<T> second, Lanes1<T> third, Lanes1<T> fourth, T* destination)
    {
        destination[0] = Sum(first);
        destination[1] = Sum(second);
        destination[2] = Sum(third);
        destination[3] = Sum(fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1<T> ShiftIn(Lanes1<T> value, Lanes1<T> next) => next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TJob>(ref TJob job)
        where TJob : struct, IRegisterJob<T> => job.Run<T, Registers1<T>>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1<T> Of(float value) => new(Unsafe.BitCast<float, T>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1<T> Of(double value) => new(Unsafe.BitCast<double, T>(value));
}
