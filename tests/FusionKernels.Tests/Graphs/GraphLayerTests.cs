using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Operations and layers on graphs: gradients against central differences on each engine, and what must hold of any graph layer.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
internal sealed class GraphLayerTests(TestEngine engine)
{
    /// <summary>Six nodes, of which the fourth hears nobody and the last is heard by nobody.</summary>
    private static readonly SparseMatrix<double> s_graph = SparseMatrix<double>.FromEntries(
        6, 6, [(0, 1, 0.5), (0, 2, -1), (1, 0, 2), (1, 1, 0.25), (1, 4, 1), (2, 3, 1), (4, 0, 1), (4, 2, 0.5), (4, 4, 1), (5, 3, 1)]);

    private static Tensor<double> V(int seed, params int[] lengths) => GradientCheck.Values(seed, lengths);

    [Test]
    public void Gradients_are_those_of_central_differences()
    {
        GradientCheck.Run(engine, x => x[0].Propagate(s_graph), V(1, 6, 5));
        GradientCheck.Run(engine, x => x[0].Propagate(s_graph, x[1]), V(1, 6, 3), V(2, 10));
        GradientCheck.Run(engine, x => x[0].Propagate(s_graph, x[1]), V(1, 6, 6), V(2, 10, 2));
        GradientCheck.Run(engine, x => x[0].EdgeScores(s_graph, x[1]), V(1, 6, 2), V(2, 6, 2));
        GradientCheck.Run(engine, x => x[0].EdgeScores(s_graph, x[0]), V(1, 6, 2));
        GradientCheck.Run(engine, x => x[0].EdgeSoftmax(s_graph), V(1, 10, 3));
        GradientCheck.Run(engine, x => x[0].EdgeSoftmax(s_graph) * x[0].EdgeSoftmax(s_graph), V(1, 10, 1));
        GradientCheck.Run(engine, x => x[0].NeighbourMaximum(s_graph) + x[0].NeighbourMaximum(s_graph), V(1, 6, 4));
    }

    [Test]
    public void Gradients_of_attention_are_those_of_central_differences() => GradientCheck.Run(
        engine,
        x =>
        {
            Var<double> projected = x[0].MatMul(x[1]);
            Var<double> left = (projected.Reshape(6, 2, 3) * x[2]).Sum(-1), right = (projected.Reshape(6, 2, 3) * x[3]).Sum(-1);
            return projected.Propagate(s_graph, left.EdgeScores(s_graph, right).EdgeSoftmax(s_graph));
        },
        V(1, 6, 4),
        V(2, 4, 6),
        V(3, 2, 3),
        V(4, 2, 3));

    [Test]
    public void Every_parameter_of_every_layer_moves_and_isolated_nodes_are_finite()
    {
        ParameterSet<float> parameters = new(1);
        GraphConvolution<float> convolution = new(parameters.In("convolution"), 4, 6, Activation.Relu);
        GraphSage<float> mean = new(parameters.In("mean"), 6, 6, Activation.Relu), maximum = new(parameters.In("maximum"), 6, 6, Activation.Tanh, GraphAggregation.Maximum);
        GraphAttention<float> attention = new(parameters.In("attention"), 6, 3, heads: 2, dropout: 0.2), last = new(parameters.In("last"), attention.Outputs, 4, heads: 2, averages: true);
        RelationalGraph<float> relational = new(parameters.In("relational"), new Dictionary<string, int> { ["a"] = 4, ["b"] = 2 }, [new("b", "ba", "a"), new("a", "aa", "a"), new("a", "ab", "b")], 3);
        SparseMatrix<float> graph = Graph.FromEdges<float>(7, [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5)]); // the last node is isolated
        SparseMatrix<float> normalized = Graph.Normalize(graph), rows = Graph.Normalize(graph, GraphNormalization.Row);
        Dictionary<string, SparseMatrix<float>> edges = new() { ["aa"] = rows, ["ba"] = SparseMatrix<float>.FromEntries(7, 2, [(0, 1, 1), (3, 0, 1)]), ["ab"] = SparseMatrix<float>.FromEntries(2, 7, [(1, 2, 1)]) };
        using Tape<float> tape = new(engine.Device) { IsTraining = true, Step = 1 };
        Tensor<float> x = Values(7, 4), other = Values(2, 2);
        float[][] before = [.. parameters.All.Select(parameter => parameter.Read().ToArray())];
        Optimizer<float> optimizer = new(parameters, new Adam { LearningRate = 0.1 });
        Var<float> input = tape.Constant(x);
        Var<float> hidden = maximum.Forward(mean.Forward(convolution.Forward(input, normalized), rows), graph);
        Var<float> output = last.Forward(attention.Forward(hidden, normalized, out Var<float> weights), normalized);
        IReadOnlyDictionary<string, Var<float>> kinds = relational.Forward(new Dictionary<string, Var<float>> { ["a"] = output, ["b"] = tape.Constant(other) }, edges);
        Assert.That(kinds["a"].Read().ToArray().Concat(kinds["b"].Read().ToArray()).All(float.IsFinite));
        float[] sums = SumsOfRows(weights.Read(), normalized);
        Assert.That(sums, Is.All.EqualTo(1).Within(1e-5));
        tape.Backward(kinds["a"].Square().Sum() + kinds["b"].Square().Sum());
        optimizer.Step(tape);
        for (int p = 0; p < before.Length; p++) Assert.That(parameters.All[p].Read().ToArray(), Is.Not.EqualTo(before[p]), parameters.All[p].Name);
    }

    [Test]
    public void Permuting_nodes_permutes_outputs()
    {
        const int Nodes = 9;
        int[] order = [4, 0, 8, 2, 6, 1, 7, 3, 5];
        (int A, int B)[] edges = [(0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (0, 6)];
        ParameterSet<double> parameters = new(3);
        GraphAttention<double> attention = new(parameters.In("attention"), 3, 4, heads: 2);
        GraphConvolution<double> convolution = new(parameters.In("convolution"), 8, 2);
        Tensor<double> x = GradientCheck.Values(5, Nodes, 3);
        double[] elements = x.ToArray();
        Tensor<double> permuted = Tensor.Create([.. order.SelectMany(i => elements.Skip(i * 3).Take(3))], [Nodes, 3]);
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore($"{engine.Name} has no float64");
        using Tape<double> tape = new(engine.Device);
        double[] plain = Of(x, edges), turned = Of(permuted, [.. edges.Select(edge => (Array.IndexOf(order, edge.A), Array.IndexOf(order, edge.B)))]);
        for (int i = 0; i < Nodes; i++)
        {
            for (int c = 0; c < 2; c++) Assert.That(turned[(i * 2) + c], Is.EqualTo(plain[(order[i] * 2) + c]).Within(1e-12));
        }

        double[] Of(Tensor<double> rows, IEnumerable<(int, int)> joined)
        {
            SparseMatrix<double> graph = Graph.Normalize(Graph.FromEdges<double>(Nodes, joined));
            tape.Clear();
            return convolution.Forward(attention.Forward(tape.Constant(rows), graph), graph).Read().ToArray();
        }
    }

    [Test]
    public void Absent_kinds_of_nodes_add_nothing()
    {
        ParameterSet<float> parameters = new(2);
        RelationalGraph<float> layer = new(parameters, new Dictionary<string, int> { ["text"] = 3, ["image"] = 2 }, [new("image", "shown", "text")], 4);
        using Tape<float> tape = new(engine.Device);
        Tensor<float> text = Values(5, 3);
        IReadOnlyDictionary<string, Var<float>> alone = layer.Forward(new Dictionary<string, Var<float>> { ["text"] = tape.Constant(text) }, new Dictionary<string, SparseMatrix<float>>());
        SparseMatrix<float> none = SparseMatrix<float>.FromEntries(5, 1, []);
        IReadOnlyDictionary<string, Var<float>> both = layer.Forward(
            new Dictionary<string, Var<float>> { ["text"] = tape.Constant(text), ["image"] = tape.Constant(Values(1, 2)) }, new Dictionary<string, SparseMatrix<float>> { ["shown"] = none });
        Assert.That(alone.Keys.Single(), Is.EqualTo("text"));
        Assert.That(both["text"].Read().ToArray(), Is.EqualTo(alone["text"].Read().ToArray()));
        Assert.That(() => layer.Forward(new Dictionary<string, Var<float>> { ["sound"] = tape.Constant(text) }, new Dictionary<string, SparseMatrix<float>>()), Throws.ArgumentException.With.Message.Contains("'sound'"));
    }

    [Test]
    public void Graphs_that_steps_no_longer_use_are_given_back()
    {
        using Tape<float> tape = new(engine.Device);
        Tensor<float> x = Values(6, 3);
        int before = 0;
        for (int step = 0; step < 6; step++)
        {
            tape.Clear();
            tape.Constant(x).Propagate(Graph.FromEdges<float>(6, [(step % 6, (step + 1) % 6)]));
            if (step == 2) before = engine.LiveBuffers;
        }

        Assert.That(engine.LiveBuffers, Is.EqualTo(before));
    }

    private static Tensor<float> Values(params int[] lengths)
    {
        Tensor<double> values = GradientCheck.Values(7, lengths);
        return Tensor.Create(Array.ConvertAll(values.ToArray(), value => (float)value), values.Lengths);
    }

    private static float[] SumsOfRows(Tensor<float> weights, SparseMatrix<float> graph)
    {
        int heads = (int)weights.Lengths[1];
        float[] sums = new float[graph.Rows * heads];
        for (int row = 0; row < graph.Rows; row++)
        {
            for (int entry = graph.RowStarts[row]; entry < graph.RowStarts[row + 1]; entry++)
            {
                for (int h = 0; h < heads; h++) sums[(row * heads) + h] += weights[entry, h];
            }
        }

        return sums;
    }
}
