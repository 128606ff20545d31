using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Series on one clock: resampling, warping, joint models, absent views.</summary>
[TestFixture]
public sealed class CommonClockTests
{
    [Test]
    public void Resampling_is_linear_and_keeps_the_ends()
    {
        Tensor<double> ramp = Tensor.Create([0.0, 10, 1, 20, 2, 30], [3, 2]);
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 5)), Is.EqualTo(new double[] { 0, 10, 0.5, 15, 1, 20, 1.5, 25, 2, 30 }).Within(1e-12));
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 2)), Is.EqualTo(new double[] { 0, 10, 2, 30 }));
        Assert.That(FusionData.Flat(CommonClock.Resample(ramp, 1)), Is.EqualTo(new double[] { 1, 20 }));
        Assert.That(FusionData.Flat(CommonClock.Resample(Tensor.Create([7.0], [1]), 3)), Is.EqualTo(new double[] { 7, 7, 7 }));
        Assert.That(() => CommonClock.Resample(Tensor.Create<double>([], [0]), 3), Throws.ArgumentException);
    }

    [Test]
    public void Warping_brings_a_late_pulse_to_the_clock_of_the_reference()
    {
        Tensor<double> early = Pulse(30, 8), late = Pulse(30, 17);
        double[] warped = FusionData.Flat(CommonClock.Warp(late, early));
        Assert.That(Array.IndexOf(warped, warped.Max()), Is.EqualTo(8).Within(1));
        Assert.That(FusionData.Flat(CommonClock.Warp(early, early)), Is.EqualTo(FusionData.Flat(early)));

        static Tensor<double> Pulse(int steps, int at) => Tensor.Create([.. Enumerable.Range(0, steps).Select(t => Math.Exp(-(t - at) * (t - at) / 4.0))], [steps, 1]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Joint_series_tell_what_no_view_alone_does_and_absent_cells_are_not_read(bool warp)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f])
        {
            ViewsSplit split = Directions(48, poison).SplitFrom(32);
            CommonClockModel model = CommonClock.Fit(split.Train, new() { Warp = warp, Length = 12 });
            Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.7));
            double[] bits = FusionData.Flat(model.PredictProbabilities(split.Test));
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected));
            Assert.That(model.Predict(split.Test.Select("a")), Is.EqualTo(model.Predict(split.Test.Blind("b"))));
        }

        Assert.That(() => CommonClock.Fit(FusionData.Halves(8, 2, 1)), Throws.ArgumentException.With.Message.Contains("'v0' is of Vectors: a common clock is of series"));
        Assert.That(() => CommonClock.Fit(Directions(48, float.NaN).WithPresence(Tensor.Create([.. Enumerable.Repeat(true, 96)], [48, 2]))), Throws.ArgumentException.With.Message.Contains("is not a finite number"));
    }

    /// <summary>Two views that rise or fall, of lengths of their own: the class is both directions; one cell in twelve is absent.</summary>
    private static Views Directions(int rows, float poison)
    {
        Random random = new(4);
        Tensor<float>[] a = new Tensor<float>[rows], b = new Tensor<float>[rows];
        bool[] present = [.. Enumerable.Range(0, rows * 2).Select(at => at % 24 is not (5 or 18))];
        for (int i = 0; i < rows; i++)
        {
            a[i] = Ramp(i % 4 < 2, present[2 * i]);
            b[i] = Ramp(i % 2 == 0, present[(2 * i) + 1]);
        }

        return Views.Of(("a", a), ("b", b)).WithLabels([.. Enumerable.Range(0, rows).Select(i => i % 4)]).WithPresence(Tensor.Create(present, [rows, 2]));

        Tensor<float> Ramp(bool rises, bool isPresent)
        {
            int length = 9 + random.Next(6);
            float[] values = [.. Enumerable.Range(0, length).Select(t => ((rises ? t : length - t) / 5f) + (0.1f * (float)FusionData.Gauss(random)))];
            return Tensor.Create(isPresent ? values : [.. values.Select(_ => poison)], [length]);
        }
    }
}
