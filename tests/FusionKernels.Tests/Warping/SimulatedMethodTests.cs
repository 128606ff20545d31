using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
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

    [Test]
    public void Vectors_are_searched_for_as_on_the_host()
    {
        Tensor<float> query = Walks([6], 50)[0], stream = Walks([40], 51)[0];
        DtwSearchOptions options = new() { Device = engine.Device, Count = 2, Window = WarpingWindow.Radius(1) };
        DtwSearchResult<float> here = DtwSearch.Find(query, stream, options), there = DtwSearch.Find(query, stream, options with { Device = WarpingSeries.Host });
        Assert.That(here.Matches.Select(match => match.Position), Is.EqualTo(there.Matches.Select(match => match.Position)));
        Assert.That(here.Matches[0].Distance, Is.EqualTo(there.Matches[0].Distance).Within(1e-5));
    }

    [Test]
    public void Missing_samples_cost_soft_alignments_nothing()
    {
        double[][] x = MissingCases.Holed(SoftCases.Walk<float>(7, 2, 60), 1), y = MissingCases.Holed(SoftCases.Walk<float>(5, 2, 61), 2);
        double[,] costs = MissingCases.Costs(x, y), alignment = WarpingReference.ExpectedAlignment(costs, 0.5, WarpingWindow.None);
        double expected = WarpingReference.AccumulateSoft(costs, 0.5, WarpingWindow.None)[6, 4];
        SoftDtwOptions options = new() { Device = engine.Device, Gamma = 0.5, Missing = MissingSamples.Skip };
        SoftDtwGradient<float> gradient = SoftDtw.ValueAndGradient(SoftCases.Tensor<float>(x), SoftCases.Tensor<float>(y), options);
        Assert.That(SoftDtw.Value(SoftCases.Tensor<float>(x), SoftCases.Tensor<float>(y), options), Is.EqualTo(expected).Within(1e-5));
        Assert.That(gradient.Value, Is.EqualTo(expected).Within(1e-5));
        SoftCases.Near(gradient.X, MissingCases.Gradient(x, y, alignment), 1e-5, "gradient");
    }

    private static List<Tensor<float>> Walks(int[] lengths, int seed) => [.. lengths.Select((length, i) => SoftCases.Tensor<float>(SoftCases.Walk<float>(length, 2, seed + i)))];

    private static void Near(Tensor<float> actual, Tensor<float> expected, double tolerance, string what) => SoftCases.Near(actual, SoftCases.Array(expected), tolerance, what);
}
