using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels.Tests.Graphs;

/// <summary>The device kernels on the simulation, one small graph for each.</summary>
[TestFixtureSource(typeof(GraphFixtures), nameof(GraphFixtures.Simulated))]
internal sealed class SimulatedGraphTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RunSettings s_settings = new("test");

    [Test]
    public void One_layer_of_attention_is_that_of_the_formula()
    {
        GraphCase at = new(5, 5, 0.5, 7);
        double[,] left = at.Random(5, 2), right = at.Random(5, 2), dense = at.Random(5, 4);
        T[] weights = new T[at.Pattern.Entries * 2], scores = new T[weights.Length], result = new T[20];
        GraphCalls.Scores(engine.Shared, at.Pattern, GraphCase.Over(GraphCase.Flat<T>(left), 2), GraphCase.Over(GraphCase.Flat<T>(right), 2), GraphCase.Over(scores, 2), 0.2, s_settings);
        GraphCalls.Softmax(engine.Shared, at.Pattern, GraphCase.Over(scores, 2), GraphCase.Over(weights, 2), s_settings);
        GraphCalls.Multiply(engine.Shared, at.Pattern, GraphCase.Over(weights, 2), GraphCase.Over(GraphCase.Flat<T>(dense), 4), GraphCase.Over(result, 4), isMean: false, 1, 0, s_settings);
        double[,] expected = GraphsReference.Multiply(at.Pattern, GraphsReference.Softmax(at.Pattern, GraphsReference.Scores(at.Pattern, left, right, 0.2)), dense, isMean: false);
        for (int e = 0; e < result.Length; e++) Assert.That(double.CreateChecked(result[e]), Is.EqualTo(expected[e / 4, e % 4]).Within(1e-5));
    }
}
