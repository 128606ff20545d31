using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Every strategy on the devices of the machine, for 2, 3 and 6 views: the answers of the host, and nothing from absent cells.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
[Parallelizable]
public sealed class StrategyEngineTests(TestEngine engine)
{
    /// <summary>Fits of machines and of regressions stop at a tolerance, which rounding meets at another step.</summary>
    private const double Near = 2e-2;

    private static IEnumerable<string> Plain => FusionStrategy.All(FusionData.Halves(8, 2, 1)).Select(one => one.Name).Except(TrainedFusionTests.Names);

    [Test]
    public void Answers_are_those_of_the_host([ValueSource(nameof(Plain))] string name, [Values(2, 3, 6)] int views)
    {
        double[] host = Probabilities(name, views, 0, new()), device = Probabilities(name, views, 0, new() { Device = engine.Device });
        Assert.That(device, Is.EqualTo(host).Within(Near));
        foreach (float poison in (float[])[float.NaN, 1e30f]) Assert.That(Probabilities(name, views, poison, new() { Device = engine.Device }), Is.EqualTo(device), $"{poison}");
    }

    [Test]
    public void Answers_of_clocks_are_those_of_the_host([Values] bool warp, [Values(2, 3, 6)] int views)
    {
        double[] host = Clock(0, null), device = Clock(0, engine.Device);
        Assert.That(device, Is.EqualTo(host).Within(Near));
        Assert.That(Clock(float.NaN, engine.Device), Is.EqualTo(device));

        double[] Clock(float poison, ComputeDevice? device)
        {
            ViewsSplit split = CommonClockTests.Directions(48, views, poison).SplitFrom(32);
            ExecutionOptions options = new() { Device = device };
            return FusionData.Flat(FusionStrategy.Clock(warp).Fit(split.Train, options).PredictProbabilities(split.Test, options));
        }
    }

    [Test]
    public void Answers_of_networks_are_those_of_the_host([Values] FusionRule rule, [Values(2, 3, 6)] int views)
    {
        double[] host = Trained(0, null), device = Trained(0, engine.Device);
        Assert.That(device, Is.EqualTo(host).Within(Tolerances.LossAfterAHundredSteps));
        Assert.That(Trained(float.NaN, engine.Device), Is.EqualTo(device));

        double[] Trained(float poison, ComputeDevice? device)
        {
            ViewsSplit split = StrategyTests.Poisoned(36, views, poison).SplitFrom(24);
            return FusionData.Flat(TrainedFusion.Fit(split.Train, new() { Rule = rule, Width = 8, Hidden = 8, Heads = 2, Epochs = 2, BatchSize = 12, Device = device }).PredictProbabilities(split.Test));
        }
    }

    private static double[] Probabilities(string name, int views, float poison, ExecutionOptions options)
    {
        ViewsSplit split = StrategyTests.Poisoned(80, views, poison).SplitFrom(50);
        return FusionData.Flat(FusionStrategy.Named(name).Fit(split.Train, options).PredictProbabilities(split.Test, options));
    }
}
