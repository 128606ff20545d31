using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Bad input of soft alignments and barycentres: one clear error each.</summary>
[TestFixture]
[Parallelizable]
public sealed class SoftErrorTests
{
    private static readonly Tensor<float> s_x = Tensor.Create([1f, 2, 3], [3]);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Smoothing_is_a_finite_number_above_0(double value)
    {
        Assert.That(() => SoftDtw.Value(s_x, s_x, new() { Gamma = value }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Gamma must be a finite number above 0"));
        Assert.That(() => GlobalAlignment.Value(s_x, s_x, new() { Sigma = value }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Sigma must be"));
        Assert.That(() => Barycenter.Soft([s_x], new() { Gamma = value }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Gamma must be"));
    }

    [Test]
    public void Series_must_fit()
    {
        Tensor<float> wide = Tensor.Create([1f, 2, 3, 4], [2, 2]), empty = Tensor.Create(Array.Empty<float>(), [0]), holed = Tensor.Create([1f, float.NaN], [2]);
        Assert.That(() => SoftDtw.Value(s_x, wide), Throws.ArgumentException.With.Message.Contains("'x' has 1 channels, 'y' has 2"));
        Assert.That(() => SoftDtw.Value(s_x, empty), Throws.ArgumentException.With.Message.Contains("y is empty"));
        Assert.That(() => SoftDtw.ValueAndGradient(s_x, holed), Throws.ArgumentException.With.Message.Contains("y, sample 1, is NaN"));
        Assert.That(() => SoftDtw.ValuesAndGradients([s_x, s_x], [s_x]), Throws.ArgumentException.With.Message.Contains("x holds 2 series, y 1"));
        Assert.That(() => GlobalAlignment.Gram([s_x, wide]), Throws.ArgumentException.With.Message.Contains("channels"));
        Assert.That(() => Barycenter.Dba(Array.Empty<Tensor<float>>()), Throws.ArgumentException.With.Message.Contains("holds no series"));
        Assert.That(() => GlobalAlignment.MedianSigma([Tensor.Create([1f, 1, 1], [3])]), Throws.ArgumentException.With.Message.Contains("median distance"));
    }

    [Test]
    public void Weights_and_starts_must_fit()
    {
        Assert.That(() => Barycenter.Dba([s_x, s_x], new() { Weights = [1] }), Throws.ArgumentException.With.Message.Contains("1 weights for 2 series"));
        Assert.That(() => Barycenter.Dba([s_x, s_x], new() { Weights = [1, -1] }), Throws.ArgumentException.With.Message.Contains("weight 1 is -1"));
        Assert.That(() => Barycenter.Dba([s_x, s_x], new() { Weights = [0, 0] }), Throws.ArgumentException.With.Message.Contains("all weights are 0"));
        Assert.That(() => Barycenter.Dba([s_x], new() { Length = 5 }, s_x), Throws.ArgumentException.With.Message.Contains("the start has 3 samples"));
        Assert.That(() => Barycenter.Dba([s_x], new() { Iterations = -1 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Costs_beyond_the_range_of_the_element_are_an_error_that_says_so()
    {
        Tensor<float> huge = Tensor.Create([1e18f, -1e18f, 0], [3]);
        Assert.That(() => SoftDtw.Value(s_x, huge), Throws.InstanceOf<NumericalException>().With.Message.Contains("scale the series"));
    }

    [Test]
    public void A_cancelled_call_stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => SoftDtw.Distances([s_x, s_x], new SoftDtwOptions { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => SoftDtw.ValueAndGradient(s_x, s_x, new() { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => Barycenter.Dba([s_x, s_x], new() { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }
}
