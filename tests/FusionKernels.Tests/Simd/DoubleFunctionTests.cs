using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The elementary functions of float64 at one width, against series of 320 bits.</summary>
[TestFixture(typeof(Lanes512<double>))]
[TestFixture(typeof(Lanes256<double>))]
[TestFixture(typeof(Lanes128<double>))]
[TestFixture(typeof(Lanes1<double>))]
[TestFixture(typeof(Lane64))]
[Parallelizable]
internal sealed class DoubleFunctionTests<V>
    where V : unmanaged, IVector<V, double>
{
    [OneTimeSetUp]
    public void SkipWhatTheMachineLacks() => MachineWidths.Require<V>();

    [Test]
    public void Error_is_bounded([Values] ElementaryFunction function)
    {
        double[] arguments = [.. DoubleArguments.Of(function, count: 6_000, seed: 20)];
        CheckErrors(function, arguments);
    }

    [Test]
    [Category("Slow")]
    public void Error_is_bounded_over_many_numbers([Values] ElementaryFunction function) =>
        CheckErrors(function, [.. DoubleArguments.Of(function, count: 400_000, seed: 21)]);

    [Test]
    public void Exceptional_arguments_have_their_exact_answers()
    {
        const double Inf = double.PositiveInfinity;
        double[] arguments = [0.0, -0.0, Inf, -Inf, double.NaN, double.MaxValue, double.Epsilon, 4503599627370497.0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Map(ElementaryFunction.Exp, arguments), Is.EqualTo(new[] { 1.0, 1.0, Inf, 0.0, double.NaN, Inf, 1.0, Inf }));
            Assert.That(
                Map(ElementaryFunction.Log, arguments),
                Is.EqualTo(new[] { -Inf, -Inf, Inf, double.NaN, double.NaN, 709.782712893384, -744.4400719213812, 36.04365338911715 }));
            Assert.That(Map(ElementaryFunction.Log, [-1.0, -double.Epsilon]), Is.EqualTo(new[] { double.NaN, double.NaN }));
            Assert.That(
                Map(ElementaryFunction.Tanh, arguments),
                Is.EqualTo(new[] { 0.0, -0.0, 1.0, -1.0, double.NaN, 1.0, double.Epsilon, 1.0 }));
            Assert.That(double.IsNegative(Map(ElementaryFunction.Tanh, arguments)[1]), Is.True, "tanh(-0)");
            Assert.That(
                Map(ElementaryFunction.SinSquaredPi, arguments),
                Is.EqualTo(new[] { 0.0, 0.0, double.NaN, double.NaN, double.NaN, 0.0, 0.0, 0.0 }));
            Assert.That(Map(ElementaryFunction.SinSquaredPi, [0.5, 4503599627370495.5, -2251799813685248.5]), Is.All.EqualTo(1.0));
        }
    }

    [Test]
    public void Exp_of_what_is_not_positive_has_the_bits_of_exp()
    {
        double[] arguments = [.. DoubleArguments.Of(ElementaryFunction.Exp, count: 200_000, seed: 22).Append(double.NaN).Append(BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0FFF)).Where(x => !(x > 20))];
        Assert.That(arguments.Count(x => x is < -700 and > -760), Is.GreaterThan(100), "results that are denormal");
        double[] expected = Map(ElementaryFunction.Exp, arguments), found = Elementary.Map<V, double>(VectorMath.ExpOfNegative<V, double>, arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!found[i].Equals(expected[i])) Assert.Fail($"exp({arguments[i]:R}) is {expected[i]:R}, not {found[i]:R}");
        }
    }

    private static void CheckErrors(ElementaryFunction function, double[] arguments)
    {
        double[] computed = Map(function, arguments);
        (double Error, double At) worst = DoubleOracle.Worst(function, arguments, computed);
        TestContext.Out.WriteLine($"{function}, {typeof(V).Name}: {worst.Error:F4} ulp at {worst.At:R}");
        ElementaryUlps bounds = Elementary.Fuses<V>() ? Tolerances.Ulps.DoubleFused : Tolerances.Ulps.DoubleUnfused;
        Assert.That(worst.Error, Is.LessThanOrEqualTo(bounds.Of(function)), $"{function}({worst.At:R})");
    }

    private static double[] Map(ElementaryFunction function, double[] arguments) =>
        Elementary.Map(Elementary.Of<V, double>(function), arguments);
}
