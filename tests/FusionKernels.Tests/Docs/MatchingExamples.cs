using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/matching.md.</summary>
[TestFixture]
internal sealed class MatchingExamples : ExampleFixture
{
    [Test]
    public void MatchingTwoSets()
    {
        Tensor<float> s = SimilarityMatrix.Compute(newRows, x, SimilarityMetric.CenteredCosine);   // 20 x 60
        GramNeighbours<float> nearest = Matching.Nearest(newRows, x, SimilarityMetric.Cosine, count: 5);
        foreach (MatchedPair pair in Matching.MutualNearest(newRows, x, Kernel.Rbf(0.1)))
        {
            Console.WriteLine($"{pair.A} and {pair.B} choose each other: {pair.Similarity:f3}");
        }

        Assert.That(s.Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 60 }));
        Assert.That(nearest.Indices.Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 5 }));
    }

    [Test]
    public void AssigningOneToOne()
    {
        Tensor<float> similarities = SimilarityMatrix.Compute(newRows, x, SimilarityMetric.Cosine);
        AssignmentResult best = Assignment.Solve(similarities, new() { Maximize = true });
        Console.WriteLine($"{best.Pairs.Count} pairs, {best.Total:f3} in all; row 0 goes to {best.ColumnOfRow[0]}");
        double proof = best.RowDuals.Sum() + best.ColumnDuals.Sum();                // equals best.Total

        Assert.That(proof, Is.EqualTo(best.Total).Within(1e-9));
        Assert.That(best.Pairs, Has.Count.EqualTo(20));
    }

    [Test]
    public void TransportingMass()
    {
        Tensor<double> costs = Tensor.Create([0.0, 1, 2, 1, 0, 1], [2, 3]);
        SinkhornResult<double> soft = Sinkhorn.Transport(costs, epsilon: 0.1, new() { RowWeights = [0.5, 0.5], ColumnWeights = [0.4, 0.4, 0.2] });
        Console.WriteLine($"cost {soft.Cost:f3}; converged {soft.Potentials.Converged} after {soft.Potentials.Iterations}, off by {soft.Potentials.RowError:e1}");

        // Between rows, of any number: costs and plan are never stored.
        SinkhornPotentials between = Sinkhorn.TransportBetween(newRows, x, SimilarityMetric.Cosine, epsilon: 0.1);

        Assert.That(soft.Potentials.Converged && between.Rows.Count == 20, Is.True);
        Assert.That(soft.Plan[0, 0] + soft.Plan[0, 1] + soft.Plan[0, 2], Is.EqualTo(0.5).Within(1e-6));
    }

    [Test]
    public void EvaluatingRetrieval()
    {
        int[] newLabels = [.. Enumerable.Range(0, 20).Select(i => i % 2)];
        RetrievalResult found = Retrieval.Evaluate(newRows, x, SimilarityMetric.CenteredCosine, newLabels, labels);
        Console.WriteLine($"mAP {found.AToB.MeanAveragePrecision:f3} and {found.BToA.MeanAveragePrecision:f3}, R@1 {found.AToB.RecallAt1:p0}");

        Assert.That(found.AToB.MeanAveragePrecision, Is.EqualTo(1).Within(1e-12));
    }
}
