using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Trained strategies on the devices of the machine: the same answers as on the host, to what rounding carries on through training.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class TrainedFusionEngineTests(TestEngine engine)
{
    [TestCase(FusionRule.Gated)]
    [TestCase(FusionRule.Tensor)]
    [TestCase(FusionRule.LowRank)]
    [TestCase(FusionRule.CrossModal)]
    [TestCase(FusionRule.Bottleneck)]
    [TestCase(FusionRule.Graph)]
    [TestCase(FusionRule.Translation)]
    public void Answers_are_those_of_the_host(FusionRule rule)
    {
        ViewsSplit split = FusionData.Halves(48, 3, 6).WithMissing(0.2, 1).Split(0.4, 1);
        double[] host = Probabilities(null), device = Probabilities(engine.Device);
        Assert.That(device, Is.EqualTo(host).Within(Tolerances.LossAfterAHundredSteps));

        double[] Probabilities(ComputeDevice? device) => FusionData.Flat(
            TrainedFusion.Fit(split.Train, new() { Rule = rule, Width = 8, Hidden = 8, Heads = 2, Epochs = 3, BatchSize = 16, Device = device }).PredictProbabilities(split.Test));
    }
}
