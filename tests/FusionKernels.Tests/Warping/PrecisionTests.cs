using System.Globalization;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>What distances in float32 lose, pair by pair, against the definition in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class PrecisionTests(TestEngine engine)
{
    private static readonly DtwOptions[] s_options =
    [
        new(),
        new() { Root = false },
        new() { Window = WarpingWindow.Fraction(0.1), Cost = PointCost.Absolute },
        new() { Step = StepPattern.Symmetric2, Cost = PointCost.Euclidean },
        new() { Channels = ChannelAlignment.Independent },
    ];

    [TestCase("GunPoint", 12)]
    [TestCase("ItalyPowerDemand", 30)]
    [TestCase("BasicMotions", 6)]
    public void The_error_of_every_pair_is_reported_and_within_its_roundings(string name, int count)
    {
        TimeSeriesSet<float> test = Ts.Read<float>(SharedData.Require($"ucr/{name}_TEST.ts")), training = Ts.Read<float>(SharedData.Require($"ucr/{name}_TRAIN.ts"));
        Tensor<float>[] x = [.. test.Series.Take(count)], y = [.. training.Series.Take(count)];
        foreach (DtwOptions options in s_options)
        {
            DtwOptions here = options with { Device = engine.Device };
            Tensor<float> single = Dtw.Distances(x, y, here);
            TestContext.Out.WriteLine($"{name}, {options.Cost}, {options.Step}, {options.Window}, {options.Channels}: errors relative to 1 + the distance, in units of 2^-24, test series by training series");
            for (int i = 0; i < count; i++)
            {
                double[] errors = new double[count];
                for (int j = 0; j < count; j++)
                {
                    double exact = WarpingReference.Distance(options.Problem(), WarpingSeries.Steps(x[i]), WarpingSeries.Steps(y[j]));
                    errors[j] = Math.Abs(single[i, j] - exact) / (1 + exact);
                    double bound = Tolerances.Warping<float>((int)(x[i].Lengths[0] + y[j].Lengths[0]), test.Channels, options.TakesRoot);
                    Assert.That(errors[j], Is.LessThanOrEqualTo(bound), $"{options.Cost}, {options.Step}, pair ({i}, {j})");
                }

                TestContext.Out.WriteLine(string.Join(' ', errors.Select(error => (error * (1 << 24)).ToString("F1", CultureInfo.InvariantCulture))));
            }
        }
    }
}
