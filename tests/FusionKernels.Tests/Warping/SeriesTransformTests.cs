using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Series of local features.</summary>
[Parallelizable]
public sealed class SeriesTransformTests
{
    [Test]
    public void A_derivative_averages_the_slope_before_and_the_slope_across()
    {
        Tensor<double> slopes = SeriesTransform.Derivative(Tensor.Create<double>([1, 2, 4, 4]));
        Assert.That(slopes.Lengths.ToArray(), Is.EqualTo((nint[])[2]));
        Assert.That(slopes[0], Is.EqualTo((1 + 1.5) / 2));
        Assert.That(slopes[1], Is.EqualTo((2 + 1.0) / 2));
    }

    [Test]
    public void Channels_have_slopes_of_their_own_and_strides_do_not_matter()
    {
        Tensor<double> series = Tensor.Create<double>([1, 10, 2, 8, 4, 6, 4, 4], [4, 2]);
        Tensor<double> slopes = SeriesTransform.Derivative(series);
        Assert.That(slopes.Lengths.ToArray(), Is.EqualTo((nint[])[2, 2]));
        Assert.That((double[])[slopes[0, 0], slopes[0, 1], slopes[1, 0], slopes[1, 1]], Is.EqualTo((double[])[1.25, -2, 1.5, -2]));
        Tensor<double> turned = Tensor.Create<double>([1, 2, 4, 4, 10, 8, 6, 4], [4, 2], [1, 4]);
        Assert.That(SeriesTransform.Derivative(turned).SequenceEqual(slopes));
    }

    [Test]
    public void A_missing_sample_spoils_the_three_slopes_that_read_it()
    {
        Tensor<float> slopes = SeriesTransform.Derivative(Tensor.Create<float>([1, 2, 3, float.NaN, 5, 6, 7, 8]));
        bool[] spoilt = [.. Enumerable.Range(0, 6).Select(i => float.IsNaN(slopes[i]))];
        Assert.That(spoilt, Is.EqualTo((bool[])[false, true, true, true, false, false]));
    }

    [Test]
    public void Subsequences_stand_channel_by_channel_with_the_ends_repeated()
    {
        Tensor<double> around = SeriesTransform.Subsequences(Tensor.Create<double>([1, 10, 2, 20, 3, 30], [3, 2]), 1);
        Assert.That(around.Lengths.ToArray(), Is.EqualTo((nint[])[3, 6]));
        double[] values = new double[18];
        around.FlattenTo(values);
        Assert.That(values, Is.EqualTo((double[])[1, 1, 2, 10, 10, 20, 1, 2, 3, 10, 20, 30, 2, 3, 3, 20, 30, 30]));
    }

    [Test]
    public void A_reach_of_0_is_the_series()
    {
        Tensor<double> series = Tensor.Create<double>([3, 1, 2]);
        double[] values = new double[3];
        SeriesTransform.Subsequences(series, 0).FlattenTo(values);
        Assert.That(values, Is.EqualTo((double[])[3, 1, 2]));
    }

    [Test]
    public void Errors_say_what_is_needed()
    {
        Assert.That(() => SeriesTransform.Derivative(Tensor.Create<double>([1, 2])), Throws.ArgumentException.With.Message.Contains("at least 3"));
        Assert.That(() => SeriesTransform.Derivative(Tensor.CreateFromShape<double>([0])), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => SeriesTransform.Subsequences(Tensor.Create<double>([1, 2]), -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => SeriesTransform.Subsequences(Tensor.Create<double>([1, 2]), int.MaxValue), Throws.ArgumentException.With.Message.Contains("reach"));
    }
}
