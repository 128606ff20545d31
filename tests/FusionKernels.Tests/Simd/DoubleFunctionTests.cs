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
        double[] arguments = [.. Arguments(function, count: 6_000, seed: 20)];
        CheckErrors(function, arguments);
    }

    [Test]
    [Category("Slow")]
    public void Error_is_bounded_over_many_numbers([Values] ElementaryFunction function) =>
        CheckErrors(function, [.. Arguments(function, count: 400_000, seed: 21)]);

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

    private static void CheckErrors(ElementaryFunction function, double[] arguments)
    {
        double[] computed = Map(function, arguments);
        (double Error, double At) worst = arguments.AsParallel()
            .Select((x, i) => (Error: DoubleOracle.Ulps(function, x, computed[i]), At: x))
            .Aggregate((a, b) => a.Error > b.Error ? a : b);
        TestContext.Out.WriteLine($"{function}, {typeof(V).Name}: {worst.Error:F4} ulp at {worst.At:R}");
        ElementaryUlps bounds = Elementary.Fuses<V>() ? Tolerances.Ulps.DoubleFused : Tolerances.Ulps.DoubleUnfused;
        Assert.That(worst.Error, Is.LessThanOrEqualTo(bounds.Of(function)), $"{function}({worst.At:R})");
    }

    /// <summary>Arguments with finite results, some spread over all magnitudes, some where the function changes most.</summary>
    private static IEnumerable<double> Arguments(ElementaryFunction function, int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            double anyMagnitude = Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, 1023));
            double sign = random.Next(2) == 0 ? -1 : 1;
            double unit = random.NextDouble();
            yield return function switch
            {
                ElementaryFunction.Exp => (i % 3) switch
                {
                    0 => -745 + (unit * 1454),
                    1 => sign * unit,
                    _ => sign * Math.Min(anyMagnitude, 700),
                },
                ElementaryFunction.Log => (i % 3) switch
                {
                    0 => anyMagnitude,
                    1 => 0.5 + (1.5 * unit),
                    _ => 1 + (sign * Math.Pow(unit, 12)),
                },
                ElementaryFunction.Tanh => (i % 3) switch { 0 => sign * anyMagnitude, 1 => sign * 20 * unit, _ => sign * unit },
                ElementaryFunction.SinSquaredPi => (i % 3) switch
                {
                    0 => sign * unit,
                    1 => sign * 1e6 * unit,
                    _ => sign * Math.Min(anyMagnitude, 0.3),
                },
                _ => throw new ArgumentOutOfRangeException(nameof(function)),
            };
        }
    }

    private static double[] Map(ElementaryFunction function, double[] arguments) =>
        Elementary.Map(Elementary.Of<V, double>(function), arguments);
}
