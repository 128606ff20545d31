using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/moving.md.</summary>
[TestFixture]
internal sealed class MovingExamples : ExampleFixture
{
    [Test]
    public void MovingWindowsOfASeries()
    {
        Tensor<float> smooth = MovingStatistics.Compute(x, window: 5, MovingStatistic.Mean);            // 60 x 24 gives 60 x 20
        Tensor<float> spread = MovingStatistics.Compute(x, window: 5, MovingStatistic.Deviation);
        Tensor<float> lower = MovingStatistics.Compute(x, window: 5, MovingStatistic.Minimum);          // with Maximum: the envelope of LB_Keogh

        Assert.That(smooth.Lengths.ToArray(), Is.EqualTo(new nint[] { 60, 20 }));
        Assert.That(spread[3, 4], Is.Positive);
        Assert.That(lower[3, 4], Is.LessThanOrEqualTo(smooth[3, 4]));
    }
}
