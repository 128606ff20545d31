using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>What is made of alignments, on simulated devices: the host's answers; few and small.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Simulated))]
[Parallelizable]
public sealed class SimulatedMethodTests(TestEngine engine)
{
    private static readonly List<Tensor<float>> s_x = Walks([5, 9, 7], 1), s_y = Walks([6, 8], 20);

    private DtwOptions Options => new() { Device = engine.Device };

    [Test]
    public void Global_alignment_kernels_are_those_of_the_host()
    {
        GlobalAlignmentOptions options = new() { Device = engine.Device, Sigma = 0.6 };
        Near(GlobalAlignment.Gram(s_x, options), GlobalAlignment.Gram(s_x, options with { Device = WarpingSeries.Host }), 2e-5, "Gram matrix");
        Tensor<float> against = GlobalAlignment.Gram(s_y, s_x, options with { Window = WarpingWindow.Radius(2) });
        Near(against, GlobalAlignment.Gram(s_y, s_x, options with { Window = WarpingWindow.Radius(2), Device = WarpingSeries.Host }), 2e-5, "against others");
    }

    [Test]
    public void Barycentres_are_those_of_the_host()
    {
        foreach (DbaMethod method in Enum.GetValues<DbaMethod>())
        {
            DbaOptions options = new() { Device = engine.Device, Method = method, Iterations = 2, Weights = [2, 1, 1] };
            BarycenterResult<float> here = Barycenter.Dba(s_x, options), there = Barycenter.Dba(s_x, options with { Device = WarpingSeries.Host });
            Near(here.Series, there.Series, 1e-5, $"{method}");
            Assert.That(here.Cost, Is.EqualTo(there.Cost).Within(1e-5));
        }
    }

    [Test]
    public void Shapes_are_aligned_as_on_the_host()
    {
        ShapeDtwOptions options = new() { Device = engine.Device, Reach = 2 };
        Near(ElasticDistance.ShapeDtw(s_x, s_y, options), ElasticDistance.ShapeDtw(s_x, s_y, options with { Device = WarpingSeries.Host }), 1e-5, "shapes");
    }

    [Test]
    public void Classes_are_those_of_the_host()
    {
        ClassLabels labels = ClassLabels.From(["a", "b", "a"]);
        DtwPrediction<float> here = DtwClassifier<float>.Fit(s_x, labels, 2, Options).PredictWithNeighbours(s_y);
        DtwPrediction<float> there = DtwClassifier<float>.Fit(s_x, labels, 2, Options with { Device = WarpingSeries.Host }).PredictWithNeighbours(s_y);
        Assert.That(here.Neighbours.Indices.ToArray(), Is.EqualTo(there.Neighbours.Indices.ToArray()));
        Assert.That(here.Labels.Indices, Is.EqualTo(there.Labels.Indices));
    }

    [Test]
    public void Subsequences_are_those_of_the_host()
    {
        Tensor<float> query = Walks([5], 40)[0], stream = Walks([40], 41)[0];
        foreach (StepPattern step in (StepPattern[])[StepPattern.Symmetric1, StepPattern.Asymmetric])
        {
            IReadOnlyList<DtwMatch<float>> here = Dtw.Subsequences(query, stream, 2, Options with { Step = step });
            IReadOnlyList<DtwMatch<float>> there = Dtw.Subsequences(query, stream, 2, Options with { Step = step, Device = WarpingSeries.Host });
            Assert.That(here.Select(match => (match.Begin, match.End)), Is.EqualTo(there.Select(match => (match.Begin, match.End))), step.Name);
            Assert.That(here.Select(match => match.Path.ToArray()), Is.EqualTo(there.Select(match => match.Path.ToArray())), step.Name);
            Assert.That(here, Is.Not.Empty);
        }
    }

    private static List<Tensor<float>> Walks(int[] lengths, int seed) => [.. lengths.Select((length, i) => SoftCases.Tensor<float>(SoftCases.Walk<float>(length, 2, seed + i)))];

    private static void Near(Tensor<float> actual, Tensor<float> expected, double tolerance, string what) => SoftCases.Near(actual, SoftCases.Array(expected), tolerance, what);
}
