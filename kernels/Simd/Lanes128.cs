using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>128 bits: 4 lanes of float32 or 2 of float64, on any processor with vectors of that width.</summary>
internal readonly unsafe struct Lanes128<T>(Vector128<T> value) : IHostVector<Lanes128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<T>.Count;
    }

    public static bool IsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(double);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector128.Create((float)value).As<float, T>())
        : new(Vector128.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> left, Lanes128<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> left, Lanes128<T> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> left, Lanes128<T> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> left, Lanes128<T> right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> addend) => new(Registers128<T>.MultiplyAdd(a._value, b._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Min(Lanes128<T> left, Lanes128<T> right) => X86Base.IsSupported
        ? new(Vector128.MinNative(left._value, right._value))
        : new(Vector128.ConditionalSelect(Vector128.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MinNonNegative(Lanes128<T> left, Lanes128<T> right) => typeof(T) == typeof(float)
        ? new(Vector128.Min(left._value.AsInt32(), right._value.AsInt32()).As<int, T>())
        : Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LeastNonNegative(Lanes128<T> first, Lanes128<T> second, Lanes128<T> last) =>
        MinNonNegative(MinNonNegative(second, first), last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Max(Lanes128<T> left, Lanes128<T> right) => X86Base.IsSupported
        ? new(Vector128.MaxNative(left._value, right._value))
        : new(Vector128.ConditionalSelect(Vector128.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Abs(Lanes128<T> value) => new(Vector128.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SelectLess(Lanes128<T> left, Lanes128<T> right, Lanes128<T> then, Lanes128<T> otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(left._value, right._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Round(Lanes128<T> value) => typeof(T) == typeof(float)
        ? new(Vector128.Round(value._value.AsSingle()).As<float, T>())
        : new(Vector128.Round(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ScaleByPowerOfTwo(Lanes128<T> value, Lanes128<T> power) => typeof(T) == typeof(float)
        ? new(Scale(value._value.AsSingle(), power._value.AsSingle()).As<float, T>())
        : new(Scale(value._value.AsDouble(), power._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Exponent(Lanes128<T> value) => typeof(T) == typeof(float)
        ? new(Exponent(value._value.AsSingle()).As<float, T>())
        : new(Exponent(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Mantissa(Lanes128<T> value) => typeof(T) == typeof(float)
        ? new(Mantissa(value._value.AsSingle()).As<float, T>())
        : new(Mantissa(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> CopySign(Lanes128<T> magnitude, Lanes128<T> sign) => new(Vector128.CopySign(magnitude._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Subtract(Lanes128<T> left, T* right) => new(left._value - Vector128.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MinNonNegative(Lanes128<T> left, T* right) => typeof(T) == typeof(float)
        ? new(Vector128.Min(left._value.AsInt32(), Vector128.Load((int*)right)).As<int, T>())
        : Min(left, Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> LoadPartial(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, FirstLanes(count).AsSingle()).As<float, T>())
                : new(Avx.MaskLoad((double*)source, FirstLanes(count).AsDouble()).As<double, T>());
        }

        Vector128<T> lanes = default;
        for (int lane = 0; lane < Count && lane < count; lane++) lanes = lanes.WithElement(lane, source[lane]);
        return new(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lanes128<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes128<T> value, T* destination, int count)
    {
        if (count >= Count)
        {
            value._value.Store(destination);
            return;
        }

        Vector128<T> rest = value._value;
        if (count >= 2)
        {
            *(double*)destination = rest.AsDouble().ToScalar();
            rest = Vector128.Shuffle(rest.AsSingle(), Vector128.Create(2, 3, 2, 3)).As<float, T>();
            destination += 2;
            count -= 2;
        }

        if (count > 0) *destination = rest.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ScaleDown(Lanes128<T> value, Lanes128<T> power)
    {
        // From the lowest bound on, the factor's bits are those of 0.
        if (typeof(T) == typeof(float))
        {
            Vector128<float> rounded = Max(power, Constant(-FloatLayout.Bias32))._value.AsSingle() + Vector128.Create(FloatLayout.BiasedRounder32);
            return value * new Lanes128<T>(Vector128.ShiftLeft(rounded.AsInt32(), FloatLayout.MantissaBits32).As<int, T>());
        }

        Vector128<double> wide = Max(power, Constant(-FloatLayout.Bias64))._value.AsDouble() + Vector128.Create(FloatLayout.BiasedRounder64);
        return value * new Lanes128<T>(Vector128.ShiftLeft(wide.AsInt64(), FloatLayout.MantissaBits64).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ScaleDownGradually(Lanes128<T> value, Lanes128<T> power) => typeof(T) == typeof(float)
        ? new(ScaleDownGradually(value._value.AsSingle(), power._value.AsSingle()).As<float, T>())
        : new(ScaleDownGradually(value._value.AsDouble(), power._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Lanes128<T> left, Lanes128<T> right) => Vector128.LessThanAny(left._value, right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> value) => Vector128.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Lanes128<T> first, Lanes128<T> second, Lanes128<T> third, Lanes128<T> fourth, T* destination)
    {
        destination[0] = Sum(first);
        destination[1] = Sum(second);
        destination[2] = Sum(third);
        destination[3] = Sum(fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> ShiftIn(Lanes128<T> value, Lanes128<T> next)
    {
        if (Ssse3.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Ssse3.AlignRight(next._value.AsByte(), value._value.AsByte(), sizeof(float)).As<byte, T>())
                : new(Ssse3.AlignRight(next._value.AsByte(), value._value.AsByte(), sizeof(double)).As<byte, T>());
        }

        return typeof(T) == typeof(float)
            ? new(Vector128.Shuffle(value._value.AsInt32(), Vector128.Create(1, 2, 3, 3)).WithElement(3, next._value.AsInt32().ToScalar()).As<int, T>())
            : new(Vector128.Shuffle(value._value.AsInt64(), Vector128.Create(1L, 1)).WithElement(1, next._value.AsInt64().ToScalar()).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TJob>(ref TJob job)
        where TJob : struct, IRegisterJob<T> => job.Run<Vector128<T>, Registers128<T>>();

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> FirstLanes(int count) => typeof(T) == typeof(float)
        ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsByte()
        : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).AsByte();

    // Two factors, since 2^power alone may lie outside the exponent range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> value, Vector128<float> power)
    {
        Vector128<float> rounder = Vector128.Create(FloatLayout.BiasedRounder32);
        Vector128<float> first = Vector128.MultiplyAddEstimate(power, Vector128.Create(0.5f), rounder);
        Vector128<float> second = power - (first - rounder) + rounder;
        Vector128<float> firstPower = Vector128.ShiftLeft(first.AsInt32(), FloatLayout.MantissaBits32).AsSingle();
        Vector128<float> secondPower = Vector128.ShiftLeft(second.AsInt32(), FloatLayout.MantissaBits32).AsSingle();
        return value * firstPower * secondPower;
    }

    // Two factors, since 2^power alone may lie outside the exponent range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Scale(Vector128<double> value, Vector128<double> power)
    {
        Vector128<double> rounder = Vector128.Create(FloatLayout.BiasedRounder64);
        Vector128<double> first = Vector128.MultiplyAddEstimate(power, Vector128.Create(0.5d), rounder);
        Vector128<double> second = power - (first - rounder) + rounder;
        Vector128<double> firstPower = Vector128.ShiftLeft(first.AsInt64(), FloatLayout.MantissaBits64).AsDouble();
        Vector128<double> secondPower = Vector128.ShiftLeft(second.AsInt64(), FloatLayout.MantissaBits64).AsDouble();
        return value * firstPower * secondPower;
    }

    // Into the exponent's bits goes a power so much higher that no result is denormal; the product with its inverse rounds once. A power
    // that is NaN, whose bits would be lost there, comes back with the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ScaleDownGradually(Vector128<float> value, Vector128<float> power)
    {
        Vector128<float> lifted = power + Vector128.Create(FloatLayout.Rounder32 + FloatLayout.Lift);
        Vector128<float> scaled = (value.AsInt32() + Vector128.ShiftLeft(lifted.AsInt32(), FloatLayout.MantissaBits32)).AsSingle();
        return Vector128.MultiplyAddEstimate(scaled, Vector128.Create(FloatLayout.Unlift32), power - power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ScaleDownGradually(Vector128<double> value, Vector128<double> power)
    {
        Vector128<double> lifted = power + Vector128.Create(FloatLayout.Rounder64 + FloatLayout.Lift);
        Vector128<double> scaled = (value.AsInt64() + Vector128.ShiftLeft(lifted.AsInt64(), FloatLayout.MantissaBits64)).AsDouble();
        return Vector128.MultiplyAddEstimate(scaled, Vector128.Create(FloatLayout.Unlift64), power - power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Exponent(Vector128<float> value)
    {
        Vector128<int> biased = Vector128.ShiftRightLogical(value.AsInt32(), FloatLayout.MantissaBits32);
        return (biased | Vector128.Create(FloatLayout.IntegerBits32)).AsSingle() - Vector128.Create(FloatLayout.BiasedInteger32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Exponent(Vector128<double> value)
    {
        Vector128<long> biased = Vector128.ShiftRightLogical(value.AsInt64(), FloatLayout.MantissaBits64);
        return (biased | Vector128.Create(FloatLayout.IntegerBits64)).AsDouble() - Vector128.Create(FloatLayout.BiasedInteger64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mantissa(Vector128<float> value) =>
        ((value.AsInt32() & Vector128.Create(FloatLayout.MantissaMask32)) | Vector128.Create(FloatLayout.OneBits32)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Mantissa(Vector128<double> value) =>
        ((value.AsInt64() & Vector128.Create(FloatLayout.MantissaMask64)) | Vector128.Create(FloatLayout.OneBits64)).AsDouble();
}
