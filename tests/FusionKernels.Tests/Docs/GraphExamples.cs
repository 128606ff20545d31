using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/graphs.md.</summary>
[TestFixture]
internal sealed class GraphExamples : ExampleFixture
{
    [Test]
    public void MakingGraphs()
    {
        SparseMatrix<float> near = Graph.Neighbours(x, count: 5);                                  // Euclidean, local scaling
        SparseMatrix<float> alike = Graph.Neighbours(x, Kernel.Cosine(), count: 5, new() { Symmetry = GraphSymmetry.Mutual });
        SparseMatrix<float> given = Graph.FromEdges<float>(nodes: 4, [(0, 1), (1, 2)]);            // node 3 is isolated
        SparseMatrix<float> smoothed = Graph.Normalize(near);                                      // self-loops, symmetric
        Tensor<float> heard = smoothed.Multiply(x);                                                // 60 x 24

        Assert.That(heard.Lengths.ToArray(), Is.EqualTo(new nint[] { 60, 24 }));
        Assert.That((given.Rows, given.Count, alike.Rows), Is.EqualTo((4, 4, 60)));
    }

    [Test]
    public void SpreadingLabels()
    {
        int[] known = [.. labels.Select((label, i) => i < 6 ? label : -1)];                        // 6 of 60
        SparseMatrix<float>[] graphs = [Graph.Neighbours(images, 5), Graph.Neighbours(texts, 5)];
        LabelPropagationResult found = LabelPropagation.Fit(graphs, known);
        Console.WriteLine($"images weigh {found.Weights[0]:f2}, texts {found.Weights[1]:f2}; row 40 is of class {found.Labels[40]}");

        Assert.That(found.Labels, Is.EqualTo(labels));
        Assert.That(found.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void FusingViewsToOneGraph()
    {
        Tensor<bool> present = Tensor.Create([.. Enumerable.Range(0, 120).Select(at => at % 7 != 3)], [60, 2]);   // some rows lack a view
        Tensor<float>[] grams = [Gram.Compute(images, Kernel.Rbf()), Gram.Compute(texts, Kernel.Rbf())];
        SparseMatrix<float> byAllViews = Graph.FromGrams(grams, count: 5, new() { Presence = present });
        NetworkFusionResult<float> network = SimilarityNetworkFusion.FuseViews([images, texts], new() { Presence = present });
        SparseMatrix<float> diffused = Graph.FromGram(network.Network, count: 5, new() { Weights = GraphWeights.Similarity });

        Assert.That((byAllViews.Rows, diffused.Rows), Is.EqualTo((60, 60)));
        Assert.That(LabelPropagation.Fit(byAllViews, [.. labels.Select((label, i) => i < 6 ? label : -1)]).Labels, Is.EqualTo(labels));
    }

    [Test]
    public void TrainingAGraphNetwork()
    {
        int[] training = [0, 1, 2, 3, 4, 5], asked = [.. training.Select(i => labels[i])];
        SparseMatrix<float> graph = Graph.Normalize(Graph.Neighbours(x, 5));
        ParameterSet<float> parameters = new(seed: 1);
        GraphConvolution<float> first = new(parameters.In("first"), 24, 16, Activation.Relu), second = new(parameters.In("second"), 16, 2);
        Optimizer<float> optimizer = new(parameters, new Adam { LearningRate = 0.05 });
        using Tape<float> tape = new();
        for (int epoch = 1; epoch <= 50; epoch++)
        {
            tape.Clear();
            Var<float> logits = second.Forward(first.Forward(tape.Constant(x), graph), graph);     // 60 x 2
            tape.Backward(Loss.CrossEntropy(logits.Gather(training), asked));
            optimizer.Step(tape);
        }

        tape.Clear();
        Tensor<float> scores = second.Forward(first.Forward(tape.Constant(x), graph), graph).Read();
        Assert.That(Enumerable.Range(0, 60).Count(i => (scores[i, 1] > scores[i, 0] ? 1 : 0) == labels[i]), Is.GreaterThan(57));
    }
}
