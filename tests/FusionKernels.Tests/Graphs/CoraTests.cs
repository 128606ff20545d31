using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Cora, the citation graph, with the split of Planetoid: two graph convolutions as published (Kipf and Welling 2017).</summary>
[TestFixture]
[Parallelizable]
public sealed class CoraTests
{
    private const int Words = 1433;

    [Test]
    public void Two_graph_convolutions_reach_the_published_accuracy()
    {
        CsvTable nodes = Csv.Read(SharedData.Require("cora/cora.nodes.csv"), new() { Delimiter = ',' });
        int count = nodes.RowCount;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => int.Parse(nodes[i, 1], null))];
        SparseMatrix<float> words = SparseMatrix<float>.FromEntries(count, Words, Enumerable.Range(0, count).SelectMany(i => WordsOf(nodes[i, 3]).Select(word => (i, word, 1f))));
        words = RowsOfSumOne(words);
        SparseMatrix<float> graph = Graph.Normalize(Graph.ReadEdges<float>(SharedData.Require("cora/cora.edges.csv"), count));
        int[] training = Split("train"), test = Split("test");
        int[] asked = [.. training.Select(i => labels[i])];
        List<double> accuracies = [];
        for (ulong seed = 1; seed <= 3; seed++)
        {
            ParameterSet<float> parameters = new(seed);
            GraphConvolution<float> first = new(parameters.In("first"), Words, 16, Activation.Relu), second = new(parameters.In("second"), 16, 7);
            Optimizer<float> optimizer = new(parameters, new Adam { LearningRate = 0.01, WeightDecay = 5e-4 });
            using Tape<float> tape = new() { Seed = seed };
            for (int epoch = 1; epoch <= 200; epoch++)
            {
                tape.Clear();
                (tape.IsTraining, tape.Step) = (true, epoch);
                Var<float> loss = Loss.CrossEntropy(Logits().Gather(training), asked);
                tape.Backward(loss);
                optimizer.Step(tape);
            }

            tape.Clear();
            tape.IsTraining = false;
            float[] logits = Logits().Read().ToArray();
            accuracies.Add(test.Count(i => logits.AsSpan(i * 7, 7).IndexOf(logits.AsSpan(i * 7, 7).ToArray().Max()) == labels[i]) / (double)test.Length);

            Var<float> Logits() => second.Forward(first.Forward(tape, words, graph, dropout: 0.5).Dropout(0.5), graph);
        }

        TestContext.Out.WriteLine($"Cora, 3 seeds: {string.Join(" ", accuracies.Select(one => $"{one:p1}"))}; published 81.5 %, features only 60.1 %");
        Assert.That(accuracies.Average(), Is.GreaterThan(0.80));

        int[] Split(string name) => [.. Enumerable.Range(0, count).Where(i => nodes[i, 2] == name)];
    }

    private static int[] WordsOf(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => int.Parse(word, null))];

    private static SparseMatrix<float> RowsOfSumOne(SparseMatrix<float> words)
    {
        float[] values = words.Values.ToArray();
        for (int row = 0; row < words.Rows; row++) values.AsSpan(words.RowStarts[row]..words.RowStarts[row + 1]).Fill(1f / Math.Max(1, words.RowStarts[row + 1] - words.RowStarts[row]));
        return words.WithValues(values);
    }
}
