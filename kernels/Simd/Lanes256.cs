using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>256 bits: 8 lanes of float32 or 4 of float64, on any processor with vectors of that width.</summary>
internal readonly unsafe struct Lanes256<T>(Vector256<T> value) : IHostVector<Lanes256<T>, T>
    where T : unmanaged
{
    private readonly Vector256<T> _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static bool IsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(double);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector256.Create((float)value).As<float, T>())
        : new(Vector256.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> left, Lanes256<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> left, Lanes256<T> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> left, Lanes256<T> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> left, Lanes256<T> right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> addend) => new(Registers256<T>.MultiplyAdd(a._value, b._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Min(Lanes256<T> left, Lanes256<T> right) => X86Base.IsSupported
        ? new(Vector256.MinNative(left._value, right._value))
        : new(Vector256.ConditionalSelect(Vector256.LessThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MinNonNegative(Lanes256<T> left, Lanes256<T> right) => typeof(T) == typeof(float)
        ? new(Vector256.Min(left._value.AsInt32(), right._value.AsInt32()).As<int, T>())
        : Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LeastNonNegative(Lanes256<T> first, Lanes256<T> second, Lanes256<T> last) =>
        MinNonNegative(MinNonNegative(second, first), last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Max(Lanes256<T> left, Lanes256<T> right) => X86Base.IsSupported
        ? new(Vector256.MaxNative(left._value, right._value))
        : new(Vector256.ConditionalSelect(Vector256.GreaterThan(left._value, right._value), left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Abs(Lanes256<T> value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SelectLess(Lanes256<T> left, Lanes256<T> right, Lanes256<T> then, Lanes256<T> otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(left._value, right._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Round(Lanes256<T> value) => typeof(T) == typeof(float)
        ? new(Vector256.Round(value._value.AsSingle()).As<float, T>())
        : new(Vector256.Round(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ScaleByPowerOfTwo(Lanes256<T> value, Lanes256<T> power) => typeof(T) == typeof(float)
        ? new(Scale(value._value.AsSingle(), power._value.AsSingle()).As<float, T>())
        : new(Scale(value._value.AsDouble(), power._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Exponent(Lanes256<T> value) => typeof(T) == typeof(float)
        ? new(Exponent(value._value.AsSingle()).As<float, T>())
        : new(Exponent(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Mantissa(Lanes256<T> value) => typeof(T) == typeof(float)
        ? new(Mantissa(value._value.AsSingle()).As<float, T>())
        : new(Mantissa(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> CopySign(Lanes256<T> magnitude, Lanes256<T> sign) => new(Vector256.CopySign(magnitude._value, sign._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Subtract(Lanes256<T> left, T* right) => new(left._value - Vector256.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MinNonNegative(Lanes256<T> left, T* right) => typeof(T) == typeof(float)
        ? new(Vector256.Min(left._value.AsInt32(), Vector256.Load((int*)right)).As<int, T>())
        : Min(left, Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> LoadPartial(T* source, int count)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.MaskLoad((float*)source, FirstLanes(count).AsSingle()).As<float, T>())
                : new(Avx.MaskLoad((double*)source, FirstLanes(count).AsDouble()).As<double, T>());
        }

        Vector256<T> lanes = default;
        for (int lane = 0; lane < Count && lane < count; lane++) lanes = lanes.WithElement(lane, source[lane]);
        return new(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lanes256<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes256<T> value, T* destination, int count)
    {
        // In whole pieces: some processors take a dozen cycles and more for a masked store.
        if (count >= Count)
        {
            value._value.Store(destination);
            return;
        }

        Vector128<T> rest = value._value.GetLower();
        if (count >= Lanes128<T>.Count)
        {
            rest.Store(destination);
            rest = value._value.GetUpper();
            destination += Lanes128<T>.Count;
            count -= Lanes128<T>.Count;
        }

        Lanes128<T>.StorePartial(new(rest), destination, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ScaleDown(Lanes256<T> value, Lanes256<T> power)
    {
        // From the lowest bound on, the factor's bits are those of 0.
        if (typeof(T) == typeof(float))
        {
            Vector256<float> rounded = Max(power, Constant(-FloatLayout.Bias32))._value.AsSingle() + Vector256.Create(FloatLayout.BiasedRounder32);
            return value * new Lanes256<T>(Vector256.ShiftLeft(rounded.AsInt32(), FloatLayout.MantissaBits32).As<int, T>());
        }

        Vector256<double> wide = Max(power, Constant(-FloatLayout.Bias64))._value.AsDouble() + Vector256.Create(FloatLayout.BiasedRounder64);
        return value * new Lanes256<T>(Vector256.ShiftLeft(wide.AsInt64(), FloatLayout.MantissaBits64).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ScaleDownGradually(Lanes256<T> value, Lanes256<T> power) => typeof(T) == typeof(float)
        ? new(ScaleDownGradually(value._value.AsSingle(), power._value.AsSingle()).As<float, T>())
        : new(ScaleDownGradually(value._value.AsDouble(), power._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Lanes256<T> left, Lanes256<T> right) => Vector256.LessThanAny(left._value, right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> value) => Vector256.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Lanes256<T> first, Lanes256<T> second, Lanes256<T> third, Lanes256<T> fourth, T* destination)
    {
        if (Avx.IsSupported && typeof(T) == typeof(float))
        {
            Vector256<float> pairs = Avx.HorizontalAdd(first._value.AsSingle(), second._value.AsSingle()), more = Avx.HorizontalAdd(third._value.AsSingle(), fourth._value.AsSingle());
            Vector256<float> sums = Avx.HorizontalAdd(pairs, more);
            (sums.GetLower() + sums.GetUpper()).Store((float*)destination);
            return;
        }

        destination[0] = Sum(first);
        destination[1] = Sum(second);
        destination[2] = Sum(third);
        destination[3] = Sum(fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> ShiftIn(Lanes256<T> value, Lanes256<T> next)
    {
        if (Avx2.IsSupported)
        {
            // The upper half of value and the lower one of next: each half of the result begins in one of two neighbours.
            Vector256<byte> across = Avx2.Permute2x128(value._value.AsByte(), next._value.AsByte(), 0x21);
            return typeof(T) == typeof(float)
                ? new(Avx2.AlignRight(across, value._value.AsByte(), sizeof(float)).As<byte, T>())
                : new(Avx2.AlignRight(across, value._value.AsByte(), sizeof(double)).As<byte, T>());
        }

        return typeof(T) == typeof(float)
            ? new(Vector256.Shuffle(value._value.AsInt32(), Vector256.Create(1, 2, 3, 4, 5, 6, 7, 7)).WithElement(7, next._value.AsInt32().ToScalar()).As<int, T>())
            : new(Vector256.Shuffle(value._value.AsInt64(), Vector256.Create(1L, 2, 3, 3)).WithElement(3, next._value.AsInt64().ToScalar()).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TJob>(ref TJob job)
        where TJob : struct, IRegisterJob<T> => job.Run<Vector256<T>, Registers256<T>>();

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> FirstLanes(int count) => typeof(T) == typeof(float)
        ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsByte()
        : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsByte();

    // Two factors, since 2^power alone may lie outside the exponent range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> value, Vector256<float> power)
    {
        Vector256<float> rounder = Vector256.Create(FloatLayout.BiasedRounder32);
        Vector256<float> first = Vector256.MultiplyAddEstimate(power, Vector256.Create(0.5f), rounder);
        Vector256<float> second = power - (first - rounder) + rounder;
        Vector256<float> firstPower = Vector256.ShiftLeft(first.AsInt32(), FloatLayout.MantissaBits32).AsSingle();
        Vector256<float> secondPower = Vector256.ShiftLeft(second.AsInt32(), FloatLayout.MantissaBits32).AsSingle();
        return value * firstPower * secondPower;
    }

    // Two factors, since 2^power alone may lie outside the exponent range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Scale(Vector256<double> value, Vector256<double> power)
    {
        Vector256<double> rounder = Vector256.Create(FloatLayout.BiasedRounder64);
        Vector256<double> first = Vector256.MultiplyAddEstimate(power, Vector256.Create(0.5d), rounder);
        Vector256<double> second = power - (first - rounder) + rounder;
        Vector256<double> firstPower = Vector256.ShiftLeft(first.AsInt64(), FloatLayout.MantissaBits64).AsDouble();
        Vector256<double> secondPower = Vector256.ShiftLeft(second.AsInt64(), FloatLayout.MantissaBits64).AsDouble();
        return value * firstPower * secondPower;
    }

    // Into the exponent's bits goes a power so much higher that no result is denormal; the product with its inverse rounds once. A power
    // that is NaN, whose bits would be lost there, comes back with the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ScaleDownGradually(Vector256<float> value, Vector256<float> power)
    {
        Vector256<float> lifted = power + Vector256.Create(FloatLayout.Rounder32 + FloatLayout.Lift);
        Vector256<float> scaled = (value.AsInt32() + Vector256.ShiftLeft(lifted.AsInt32(), FloatLayout.MantissaBits32)).AsSingle();
        return Vector256.MultiplyAddEstimate(scaled, Vector256.Create(FloatLayout.Unlift32), power - power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> ScaleDownGradually(Vector256<double> value, Vector256<double> power)
    {
        Vector256<double> lifted = power + Vector256.Create(FloatLayout.Rounder64 + FloatLayout.Lift);
        Vector256<double> scaled = (value.AsInt64() + Vector256.ShiftLeft(lifted.AsInt64(), FloatLayout.MantissaBits64)).AsDouble();
        return Vector256.MultiplyAddEstimate(scaled, Vector256.Create(FloatLayout.Unlift64), power - power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exponent(Vector256<float> value)
    {
        Vector256<int> biased = Vector256.ShiftRightLogical(value.AsInt32(), FloatLayout.MantissaBits32);
        return (biased | Vector256.Create(FloatLayout.IntegerBits32)).AsSingle() - Vector256.Create(FloatLayout.BiasedInteger32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Exponent(Vector256<double> value)
    {
        Vector256<long> biased = Vector256.ShiftRightLogical(value.AsInt64(), FloatLayout.MantissaBits64);
        return (biased | Vector256.Create(FloatLayout.IntegerBits64)).AsDouble() - Vector256.Create(FloatLayout.BiasedInteger64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mantissa(Vector256<float> value) =>
        ((value.AsInt32() & Vector256.Create(FloatLayout.MantissaMask32)) | Vector256.Create(FloatLayout.OneBits32)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Mantissa(Vector256<double> value) =>
        ((value.AsInt64() & Vector256.Create(FloatLayout.MantissaMask64)) | Vector256.Create(FloatLayout.OneBits64)).AsDouble();
}
