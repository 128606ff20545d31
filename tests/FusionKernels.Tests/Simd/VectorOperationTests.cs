using System.Numerics;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>Every arithmetic operation of one kind of lanes means what the scalar one means, exceptional numbers included.</summary>
[TestFixture(typeof(Lanes512<float>), typeof(float))]
[TestFixture(typeof(Lanes512<double>), typeof(double))]
[TestFixture(typeof(Lanes256<float>), typeof(float))]
[TestFixture(typeof(Lanes256<double>), typeof(double))]
[TestFixture(typeof(Lanes128<float>), typeof(float))]
[TestFixture(typeof(Lanes128<double>), typeof(double))]
[TestFixture(typeof(Lanes1<float>), typeof(float))]
[TestFixture(typeof(Lanes1<double>), typeof(double))]
[TestFixture(typeof(Lane32), typeof(float))]
[TestFixture(typeof(Lane64), typeof(double))]
[Parallelizable]
internal sealed class VectorOperationTests<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static readonly bool IsSingle = typeof(T) == typeof(float);
    private static readonly int LargestPower = IsSingle ? 252 : 2044;
    private static readonly T SmallestNormal = T.ScaleB(T.One, IsSingle ? -126 : -1022);
    private static readonly T EndOfRounding = T.ScaleB(T.One, IsSingle ? 22 : 51);
    private static readonly T[] Numbers = MakeNumbers();

    [OneTimeSetUp]
    public void SkipWhatTheMachineLacks() => MachineWidths.Require<V>();

    [Test]
    public void Arithmetic_rounds_correctly()
    {
        using (Assert.EnterMultipleScope())
        {
            CheckPairs("+", (a, b) => a + b, (a, b) => a + b);
            CheckPairs("-", (a, b) => a - b, (a, b) => a - b);
            CheckPairs("*", (a, b) => a * b, (a, b) => a * b);
            CheckPairs("/", (a, b) => a / b, (a, b) => a / b);
            Check("sqrt", Numbers, V.Sqrt, T.Sqrt);
            Check("abs", Numbers, V.Abs, T.Abs);
        }
    }

    [Test]
    public void Constants_fill_every_lane()
    {
        T tenth = T.CreateChecked(0.1);
        using (Assert.EnterMultipleScope())
        {
            Check("constant", Numbers, _ => V.Constant(0.1), _ => tenth);
            Check("broadcast", Numbers, _ => V.Broadcast(tenth), _ => tenth);
            Assert.That(V.IsDouble, Is.EqualTo(!IsSingle));
        }
    }

    [Test]
    public void MultiplyAdd_rounds_once_or_twice()
    {
        (T[] first, T[] second) = Pairs();
        T[] third = [.. first.Select((_, i) => Numbers[i * 7 % Numbers.Length])];
        T[] computed = Elementary.Map<V, T>(V.MultiplyAdd, first, second, third);
        bool fused = Elementary.Fuses<V>();
        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < computed.Length; i++)
            {
                T expected = fused
                    ? T.FusedMultiplyAdd(first[i], second[i], third[i])
                    : (first[i] * second[i]) + third[i];
                AssertSame(computed[i], expected, $"{first[i]} * {second[i]} + {third[i]}");
            }
        }
    }

    [Test]
    public void Selections_take_the_right_where_numbers_do_not_compare()
    {
        using (Assert.EnterMultipleScope())
        {
            CheckPairs("min", V.Min, (a, b) => a < b ? a : b);
            CheckPairs("max", V.Max, (a, b) => a > b ? a : b);
            CheckPairs("select", (a, b) => V.SelectLess(a, b, a + b, b), (a, b) => a < b ? a + b : b);
        }
    }

    [Test]
    public void Minima_of_what_is_not_negative_are_exact_to_infinity()
    {
        T[] some = [.. Numbers.Where(x => x > T.Zero || (x == T.Zero && !T.IsNegative(x)))];
        T[] first = [.. some.SelectMany(a => some.Select(_ => a))], second = [.. some.SelectMany(_ => some)], third = [.. second.Select((_, i) => some[i * 7 % some.Length])];
        T[] two = Elementary.Map<V, T>((a, b, _) => V.MinNonNegative(a, b), first, second, third);
        T[] three = Elementary.Map<V, T>(V.LeastNonNegative, first, second, third);
        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < first.Length; i++)
            {
                AssertSame(two[i], T.Min(first[i], second[i]), $"min({first[i]}, {second[i]})");
                AssertSame(three[i], T.Min(T.Min(first[i], second[i]), third[i]), $"least({first[i]}, {second[i]}, {third[i]})");
            }
        }
    }

    [Test]
    public void CopySign_takes_the_sign_of_zeros_and_infinities_too() => CheckPairs("copysign", V.CopySign, T.CopySign);

    [Test]
    public void Round_goes_to_the_nearest_integer_and_to_even_from_ties()
    {
        T[] halves = [.. Enumerable.Range(-41, 83).Select(i => T.CreateChecked(i) / T.CreateChecked(2))];
        T[] arguments = [.. Numbers.Where(x => T.IsNaN(x) || T.Abs(x) < EndOfRounding), .. halves, EndOfRounding - T.CreateChecked(0.5)];
        T[] computed = Elementary.Map<V, T>(V.Round, arguments);
        Assert.That(computed, Is.EqualTo(arguments.Select(x => T.Round(x))));
    }

    [Test]
    public void Scaling_by_a_power_of_two_underflows_gradually_and_overflows_to_infinity()
    {
        T leastForOneRounding = T.ScaleB(T.One, -50);
        T[] values = [.. Numbers.Where(x => T.Abs(x) >= leastForOneRounding || x == T.Zero || T.IsNaN(x)), SmallestNormal, T.Epsilon];
        using (Assert.EnterMultipleScope())
        {
            for (int power = -LargestPower; power <= LargestPower; power += power is >= -160 and < 160 || !IsSingle ? 1 : 7)
            {
                // Where a number below 2^-50 becomes still smaller, a second rounding is allowed.
                T[] arguments = power < 0 ? values[..^2] : values;
                V lanes = V.Constant(power);
                int exponent = power;
                Check($"2^{power} times", arguments, value => V.ScaleByPowerOfTwo(value, lanes), value => T.ScaleB(value, exponent));
            }
        }
    }

    [Test]
    public void Exponent_and_mantissa_take_a_number_apart()
    {
        T[] normal = [.. Numbers.Where(x => x >= SmallestNormal && T.IsFinite(x)), SmallestNormal, T.MaxValue];
        using (Assert.EnterMultipleScope())
        {
            Check("exponent", normal, V.Exponent, x => T.CreateChecked(T.ILogB(x)));
            Check("mantissa", normal, V.Mantissa, x => T.ScaleB(x, -T.ILogB(x)));
        }
    }

    private static T[] MakeNumbers()
    {
        double[] ordinary =
        [
            0, 1, 2, 3, 0.5, 1.5, 2.5, 0.1, Math.PI, 7.25, 1e-3, 12345.678, 1e10, 1e-10, 3e37, 1e-37, 0.4999999, 8388607.5, 8388608,
        ];
        T[] positive =
        [
            .. ordinary.Select(T.CreateChecked), T.Epsilon, SmallestNormal, SmallestNormal - T.Epsilon, T.BitIncrement(T.One),
            T.BitDecrement(T.One), T.MaxValue, T.PositiveInfinity,
        ];
        return [.. positive, .. positive.Select(x => -x), T.NaN];
    }

    private static (T[] First, T[] Second) Pairs() =>
        ([.. Numbers.SelectMany(a => Numbers.Select(_ => a))], [.. Numbers.SelectMany(_ => Numbers)]);

    private static void CheckPairs(string name, Func<V, V, V> lanes, Func<T, T, T> scalar)
    {
        (T[] first, T[] second) = Pairs();
        T[] computed = Elementary.Map<V, T>((a, b, _) => lanes(a, b), first, second, default);
        for (int i = 0; i < computed.Length; i++) AssertSame(computed[i], scalar(first[i], second[i]), $"{name}({first[i]}, {second[i]})");
    }

    private static void Check(string name, T[] arguments, Func<V, V> lanes, Func<T, T> scalar)
    {
        T[] computed = Elementary.Map(lanes, arguments);
        for (int i = 0; i < computed.Length; i++) AssertSame(computed[i], scalar(arguments[i]), $"{name}({arguments[i]})");
    }

    /// <summary>Equal to the sign of zero; any NaN is as good as another.</summary>
    private static void AssertSame(T computed, T expected, string what)
    {
        bool same = T.IsNaN(expected) ? T.IsNaN(computed) : computed == expected && T.IsNegative(computed) == T.IsNegative(expected);
        if (!same) Assert.That(computed, Is.EqualTo(expected), what);
    }
}
