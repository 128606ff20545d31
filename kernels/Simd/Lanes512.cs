using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FusionKernels.Kernels.Simd;

/// <summary>512 bits: 16 lanes of float32 or 8 of float64, on processors with AVX-512.</summary>
internal readonly unsafe struct Lanes512<T>(Vector512<T> value) : IHostVector<Lanes512<T>, T>
    where T : unmanaged
{
    private readonly Vector512<T> _value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static bool IsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(double);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Constant(double value) => typeof(T) == typeof(float)
        ? new(Vector512.Create((float)value).As<float, T>())
        : new(Vector512.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> left, Lanes512<T> right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> left, Lanes512<T> right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> left, Lanes512<T> right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> left, Lanes512<T> right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> addend) => new(Registers512<T>.MultiplyAdd(a._value, b._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Min(Lanes512<T> left, Lanes512<T> right) => new(Vector512.MinNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MinNonNegative(Lanes512<T> left, Lanes512<T> right) => typeof(T) == typeof(float)
        ? new(Vector512.Min(left._value.AsInt32(), right._value.AsInt32()).As<int, T>())
        : new(Vector512.Min(left._value.AsInt64(), right._value.AsInt64()).As<long, T>());

    // Either kind of comparison has units that the other has not: of two minima, one as numbers keeps more of them busy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LeastNonNegative(Lanes512<T> first, Lanes512<T> second, Lanes512<T> last) => typeof(T) == typeof(float)
        ? Min(last, MinNonNegative(first, second))
        : MinNonNegative(last, Min(first, second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Max(Lanes512<T> left, Lanes512<T> right) => new(Vector512.MaxNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Abs(Lanes512<T> value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SelectLess(Lanes512<T> left, Lanes512<T> right, Lanes512<T> then, Lanes512<T> otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(left._value, right._value), then._value, otherwise._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Round(Lanes512<T> value) => typeof(T) == typeof(float)
        ? new(Vector512.Round(value._value.AsSingle()).As<float, T>())
        : new(Vector512.Round(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ScaleByPowerOfTwo(Lanes512<T> value, Lanes512<T> power) => typeof(T) == typeof(float)
        ? new(Avx512F.Scale(value._value.AsSingle(), power._value.AsSingle()).As<float, T>())
        : new(Avx512F.Scale(value._value.AsDouble(), power._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Exponent(Lanes512<T> value) => typeof(T) == typeof(float)
        ? new(Avx512F.GetExponent(value._value.AsSingle()).As<float, T>())
        : new(Avx512F.GetExponent(value._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Mantissa(Lanes512<T> value) => typeof(T) == typeof(float)
        ? new(Avx512F.GetMantissa(value._value.AsSingle(), 0).As<float, T>())
        : new(Avx512F.GetMantissa(value._value.AsDouble(), 0).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> CopySign(Lanes512<T> magnitude, Lanes512<T> sign) => typeof(T) == typeof(float)
        ? new(Vector512.CopySign(magnitude._value.AsSingle(), sign._value.AsSingle()).As<float, T>())
        : new(Vector512.CopySign(magnitude._value.AsDouble(), sign._value.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Subtract(Lanes512<T> left, T* right) => new(left._value - Vector512.Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MinNonNegative(Lanes512<T> left, T* right) => typeof(T) == typeof(float)
        ? new(Vector512.Min(left._value.AsInt32(), Vector512.Load((int*)right)).As<int, T>())
        : Min(left, Load(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> LoadPartial(T* source, int count) => typeof(T) == typeof(float)
        ? new(Avx512F.MaskLoad((float*)source, FirstLanes(count).AsSingle(), default).As<float, T>())
        : new(Avx512F.MaskLoad((double*)source, FirstLanes(count).AsDouble(), default).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512<T> value, T* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNonTemporal(Lanes512<T> value, T* destination) => value._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes512<T> value, T* destination, int count)
    {
        if (typeof(T) == typeof(float)) Avx512F.MaskStore((float*)destination, FirstLanes(count).AsSingle(), value._value.AsSingle());
        else Avx512F.MaskStore((double*)destination, FirstLanes(count).AsDouble(), value._value.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ScaleDown(Lanes512<T> value, Lanes512<T> power) => ScaleByPowerOfTwo(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ScaleDownGradually(Lanes512<T> value, Lanes512<T> power) => ScaleByPowerOfTwo(value, power);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLess(Lanes512<T> left, Lanes512<T> right) => Vector512.LessThanAny(left._value, right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> value) => Vector512.Sum(value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Lanes512<T> first, Lanes512<T> second, Lanes512<T> third, Lanes512<T> fourth, T* destination)
    {
        // Halves of a pair of vectors, then quarters of all four: a quarter for each sum, which ends at its first lane.
        Vector512<T> quarters = Quarters(Halves(first._value, second._value), Halves(third._value, fourth._value));
        if (typeof(T) == typeof(float))
        {
            Vector512<float> pairs = quarters.AsSingle();
            pairs += Avx512F.Permute4x32(pairs, 0b_01_00_11_10);
            pairs += Avx512F.Permute4x32(pairs, 0b_10_11_00_01);
            Avx512F.PermuteVar16x32(pairs, Vector512.Create(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).GetLower().GetLower().Store((float*)destination);
            return;
        }

        Vector512<double> sums = quarters.AsDouble();
        sums += Avx512F.Permute2x64(sums, 0b_01_01_01_01);
        Avx512F.PermuteVar8x64(sums, Vector512.Create(0L, 2, 4, 6, 0, 0, 0, 0)).GetLower().Store((double*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Halves(Vector512<T> first, Vector512<T> second)
    {
        Vector512<double> a = first.AsDouble(), b = second.AsDouble();
        return Avx512F.Shuffle4x128(a, b, 0b_01_00_01_00).As<double, T>() + Avx512F.Shuffle4x128(a, b, 0b_11_10_11_10).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Quarters(Vector512<T> first, Vector512<T> second)
    {
        Vector512<double> a = first.AsDouble(), b = second.AsDouble();
        return Avx512F.Shuffle4x128(a, b, 0b_10_00_10_00).As<double, T>() + Avx512F.Shuffle4x128(a, b, 0b_11_01_11_01).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> ShiftIn(Lanes512<T> value, Lanes512<T> next) => typeof(T) == typeof(float)
        ? new(Avx512F.AlignRight32(next._value.AsInt32(), value._value.AsInt32(), 1).As<int, T>())
        : new(Avx512F.AlignRight64(next._value.AsInt64(), value._value.AsInt64(), 1).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TJob>(ref TJob job)
        where TJob : struct, IRegisterJob<T> => job.Run<Vector512<T>, Registers512<T>>();

    /// <summary>All bits set in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> FirstLanes(int count) => typeof(T) == typeof(float)
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsByte()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).AsByte();
}
