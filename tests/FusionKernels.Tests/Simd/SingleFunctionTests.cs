using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The elementary functions of float32 at one width, over all its numbers.</summary>
[TestFixture(typeof(Lanes512<float>))]
[TestFixture(typeof(Lanes256<float>))]
[TestFixture(typeof(Lanes128<float>))]
[TestFixture(typeof(Lanes1<float>))]
[TestFixture(typeof(Lane32))]
[Parallelizable]
internal sealed class SingleFunctionTests<V>
    where V : unmanaged, IVector<V, float>
{
    private const int Block = 1 << 12;
    private const long AllNumbers = 1L << 32;

    /// <summary>Every number at the machine's widest vectors; every 16th on device lanes and every 64th at the narrower widths, whose bits are those of the widest.</summary>
    private static readonly int s_sweepStride =
        typeof(V) == typeof(Lane32) ? 1 << 4 : MachineWidths.WidthOf<V>() == SimdWidths.Detect() ? 1 : 1 << 6;

    [OneTimeSetUp]
    public void SkipWhatTheMachineLacks() => MachineWidths.Require<V>();

    [Test]
    public void Error_is_bounded_over_a_dense_sample([Values] ElementaryFunction function) =>
        Sweep(function, stride: 1 << 10, offset: 0x155);

    [Test]
    [Category("Slow")]
    public void Error_is_bounded_over_every_number([Values] ElementaryFunction function) =>
        Sweep(function, stride: s_sweepStride, offset: 0);

    [Test]
    public void Error_is_bounded_around_the_special_numbers([Values] ElementaryFunction function)
    {
        float[] arguments = [.. SingleArguments.AroundSpecial(steps: 1000)];
        (double worst, float at) = SingleOracle.Worst(function, arguments, Map(function, arguments));
        Assert.That(worst, Is.LessThanOrEqualTo(Bound(function)), $"{function}({at:R})");
    }

    [Test]
    public void Exceptional_arguments_have_their_exact_answers()
    {
        const float Inf = float.PositiveInfinity;
        float[] arguments = [0f, -0f, Inf, -Inf, float.NaN, -1f, float.MaxValue, float.Epsilon];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Map(ElementaryFunction.Exp, arguments), Is.EqualTo(new[] { 1f, 1f, Inf, 0f, float.NaN, MathF.Exp(-1f), Inf, 1f }));
            Assert.That(
                Map(ElementaryFunction.Log, arguments),
                Is.EqualTo(new[] { -Inf, -Inf, Inf, float.NaN, float.NaN, float.NaN, 88.72284f, -103.27893f }));
            Assert.That(
                Map(ElementaryFunction.Tanh, arguments),
                Is.EqualTo(new[] { 0f, -0f, 1f, -1f, float.NaN, MathF.Tanh(-1f), 1f, float.Epsilon }));
            Assert.That(
                Map(ElementaryFunction.SinSquaredPi, arguments),
                Is.EqualTo(new[] { 0f, 0f, float.NaN, float.NaN, float.NaN, 0f, 0f, 0f }));
            Assert.That(float.IsNegative(Map(ElementaryFunction.Tanh, arguments)[1]), Is.True, "tanh(-0)");
        }
    }

    [Test]
    public void Exp_of_what_is_not_positive_has_the_bits_of_exp()
    {
        float[] arguments = [.. SingleArguments.AroundSpecial(steps: 1000).Concat(SingleArguments.Every(4099)).Where(x => !(x > 20))];
        float[] expected = Map(ElementaryFunction.Exp, arguments), found = Elementary.Map<V, float>(VectorMath.ExpOfNegative<V, float>, arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!found[i].Equals(expected[i])) Assert.Fail($"exp({arguments[i]:R}) is {expected[i]:R}, not {found[i]:R}");
        }
    }

    private static void Sweep(ElementaryFunction function, int stride, int offset)
    {
        Lock gate = new();
        (double Error, float At) worst = default;
        long perChunk = AllNumbers / 256 / stride;
        Parallel.For(0, 256, chunk =>
        {
            float[] arguments = new float[Math.Min(Block, perChunk)];
            for (long start = chunk * perChunk; start < (chunk + 1) * perChunk; start += arguments.Length)
            {
                for (int i = 0; i < arguments.Length; i++)
                    arguments[i] = BitConverter.UInt32BitsToSingle((uint)(((start + i) * stride) + offset));
                (double Error, float At) found = SingleOracle.Worst(function, arguments, Map(function, arguments));
                lock (gate)
                {
                    if (found.Error > worst.Error) worst = found;
                }
            }
        });
        TestContext.Out.WriteLine($"{function}, {typeof(V).Name}: {worst.Error:F4} ulp at {worst.At:R}");
        Assert.That(worst.Error, Is.LessThanOrEqualTo(Bound(function)), $"{function}({worst.At:R})");
    }

    private static float[] Map(ElementaryFunction function, float[] arguments) =>
        Elementary.Map(Elementary.Of<V, float>(function), arguments);

    private static double Bound(ElementaryFunction function) =>
        (Elementary.Fuses<V>() ? Tolerances.Ulps.SingleFused : Tolerances.Ulps.SingleUnfused).Of(function);
}
