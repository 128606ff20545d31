using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Paths as maps between clocks, and modalities brought onto another's clock.</summary>
[TestFixture]
internal sealed class ClockMapTests
{
    /// <summary>x has 3 samples, y has 5: sample 1 of x is held for three samples of y.</summary>
    private static readonly WarpingPath Path = new([0, 1, 1, 1, 2], [0, 1, 2, 3, 4]);

    [Test]
    public void A_sample_matched_with_several_stands_for_their_middle()
    {
        ClockMap clocks = Path.Clocks(1, 10);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(clocks.ToY(0), Is.Zero);
            Assert.That(clocks.ToY(1), Is.EqualTo(0.2).Within(1e-12));
            Assert.That(clocks.ToY(2), Is.EqualTo(0.4).Within(1e-12));
            Assert.That(clocks.ToX(0.1), Is.EqualTo(1));
            Assert.That(clocks.ToX(0.3), Is.EqualTo(1));
        }
    }

    [Test]
    public void Times_between_matches_lie_on_a_line_and_times_outside_run_on()
    {
        ClockMap clocks = Path.Clocks(1, 10);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(clocks.ToY(0.5), Is.EqualTo(0.1).Within(1e-12));
            Assert.That(clocks.ToX(0.05), Is.EqualTo(0.5).Within(1e-12));
            Assert.That(clocks.ToY(3), Is.EqualTo(1.4).Within(1e-12));
            Assert.That(clocks.ToY(-1), Is.EqualTo(-1));
            Assert.That(clocks.ToX(1.4), Is.EqualTo(3).Within(1e-12));
            Assert.That(clocks.ToY(double.NaN), Is.NaN);
        }
    }

    [Test]
    public void A_map_never_turns_back()
    {
        ClockMap clocks = Path.Clocks([0, 0.4, 2], [5, 5.5, 6, 8, 9]);
        double last = double.NegativeInfinity;
        for (double time = -1; time < 4; time += 0.01)
        {
            double mapped = clocks.ToY(time);
            Assert.That(mapped, Is.GreaterThanOrEqualTo(last - 1e-12));
            last = mapped;
        }
    }

    [Test]
    public void A_modality_onto_the_other_clock_takes_the_mean_of_its_matches()
    {
        Tensor<float> alongY = Tensor.Create<float>([10, 1, 2, 3, 20], [5]);
        Tensor<float> alongX = Tensor.Create<float>([1, -1, 2, -2, 3, -3], [3, 2]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Path.WarpOntoX(alongY).ToArray(), Is.EqualTo((float[])[10, 2, 20]));
            Assert.That(Path.WarpOntoY(alongX).Lengths.ToArray(), Is.EqualTo((nint[])[5, 2]));
            Assert.That(Path.WarpOntoY(alongX).ToArray(), Is.EqualTo((float[])[1, -1, 2, -2, 2, -2, 2, -2, 3, -3]));
        }
    }

    [Test]
    public void Samples_that_no_pair_holds_lie_between_their_neighbours()
    {
        WarpingPath skipping = new([1, 2, 4], [0, 1, 2]);
        Tensor<double> alongY = Tensor.Create<double>([6, 8, 20], [3]);
        Assert.That(skipping.WarpOntoX(alongY).ToArray(), Is.EqualTo((double[])[6, 6, 8, 14, 20]));
    }

    [Test]
    public void Too_few_rows_or_times_are_refused_in_words()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Path.WarpOntoX(Tensor.Create<float>([1, 2], [2])), Throws.ArgumentException.With.Message.Contains("at least 5 rows"));
            Assert.That(() => Path.Clocks([0, 1], [0, 1, 2, 3, 4]), Throws.ArgumentException.With.Message.Contains("the path needs 3"));
            Assert.That(() => Path.Clocks([0, 2, 1], [0, 1, 2, 3, 4]), Throws.ArgumentException.With.Message.Contains("timesX[2]"));
            Assert.That(() => Path.Clocks(0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }
}
