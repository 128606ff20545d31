using System.Numerics.Tensors;
using FusionKernels.Tests.Decompositions;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Labels spread over one graph and over several.</summary>
[TestFixture]
[Parallelizable]
public sealed class LabelPropagationTests
{
    /// <summary>On a chain between two labelled ends a harmonic function is a straight line (Zhu, Ghahramani and Lafferty 2003).</summary>
    [Test]
    public void A_chain_is_harmonic_in_a_straight_line()
    {
        SparseMatrix<float> chain = Graph.FromEdges<float>(5, [(0, 1), (1, 2), (2, 3), (3, 4)]);
        LabelPropagationResult result = LabelPropagation.Fit(chain, [7, -1, -1, -1, 2], new() { Method = LabelPropagationMethod.Harmonic, Tolerance = 1e-12 });
        Assert.That(result.Classes, Is.EqualTo<int>([2, 7]));
        Assert.That(Enumerable.Range(0, 5).Select(i => result.Scores[i, 1]), Is.EqualTo(new[] { 1, 0.75, 0.5, 0.25, 0 }).Within(1e-11));
        Assert.That((result.Labels[1], result.Labels[3], result.Converged), Is.EqualTo((7, 2, true)));
    }

    [Test]
    public void Consistency_is_its_closed_form([Values(0.5, 0.99)] double alpha)
    {
        const int Nodes = 60;
        SparseMatrix<double>[] graphs = [Of(1), Of(2)];
        int[] labels = Labels(Nodes, 3);
        LabelPropagationResult result = LabelPropagation.Fit(graphs, labels, new() { Alpha = alpha, Weighting = GraphWeighting.Uniform, Tolerance = 1e-12 });
        Matrix<double> s = 0.5 * (Normalized(graphs[0]) + Normalized(graphs[1])), y = Given(labels, 3);
        Matrix<double> expected = (1 - alpha) * (Matrix<double>.Build.DenseIdentity(Nodes) - (alpha * s)).Solve(y);
        AssertNear(result.Scores, expected, 1e-9);
        for (int v = 0; v < 2; v++)
        {
            double rough = (expected.Transpose() * (expected - (Normalized(graphs[v]) * expected))).Trace() / Math.Pow(expected.FrobeniusNorm(), 2);
            Assert.That(result.Roughness[v], Is.EqualTo(rough).Within(1e-9));
        }
    }

    [Test]
    public void Harmonic_functions_of_several_graphs_are_their_closed_form()
    {
        const int Nodes = 50;
        SparseMatrix<double>[] graphs = [Of(3, Nodes), Of(4, Nodes)];
        int[] labels = Labels(Nodes, 3);
        LabelPropagationResult result = LabelPropagation.Fit(graphs, labels, new() { Method = LabelPropagationMethod.Harmonic, Weighting = GraphWeighting.Uniform, Tolerance = 1e-12 });
        Matrix<double> laplacian = Matrix<double>.Build.Dense(Nodes, Nodes);
        foreach (SparseMatrix<double> graph in graphs)
        {
            Matrix<double> w = Dense(graph);
            laplacian += 0.5 * (Matrix<double>.Build.DenseOfDiagonalVector(w.RowSums()) - w) / w.RowSums().Average();
        }

        int[] free = [.. Enumerable.Range(0, Nodes).Where(i => labels[i] < 0)], fixedNodes = [.. Enumerable.Range(0, Nodes).Where(i => labels[i] >= 0)];
        Matrix<double> known = Given(labels, 3), inner = Matrix<double>.Build.Dense(free.Length, free.Length, (i, j) => laplacian[free[i], free[j]]);
        Matrix<double> right = Matrix<double>.Build.Dense(free.Length, 3, (i, c) => -fixedNodes.Sum(j => laplacian[free[i], j] * known[j, c]));
        Matrix<double> found = inner.Solve(right);
        for (int i = 0; i < free.Length; i++)
        {
            for (int c = 0; c < 3; c++) Assert.That(result.Scores[free[i], c], Is.EqualTo(found[i, c]).Within(1e-8));
        }
    }

    [Test]
    public void The_graph_of_the_clusters_outweighs_noise([Values] GraphWeighting weighting)
    {
        const int Nodes = 120;
        int[] truth = [.. Enumerable.Range(0, Nodes).Select(i => i % 3)];
        Random random = new(1);
        Tensor<double> clustered = Tensor.Create([.. truth.Select(c => (3.0 * c) + random.NextDouble())], [Nodes, 1]);
        SparseMatrix<double>[] graphs = [Graph.Neighbours(clustered, 5), Graph.Neighbours(FactorMatrices.Random<double>(Nodes, 4, 5), 5)];
        int[] labels = [.. truth.Select((c, i) => i < 6 ? c : -1)];
        LabelPropagationResult result = LabelPropagation.Fit(graphs, labels, new() { Weighting = weighting });
        Assert.That(result.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(result.Weights, Is.All.Not.Negative);
        if (weighting == GraphWeighting.Uniform) return;
        Assert.That(result.Converged);
        Assert.That(result.Weights[0], Is.GreaterThan(weighting == GraphWeighting.Sparse ? 0.99 : 0.51));
        if (weighting == GraphWeighting.Sparse) Assert.That(result.Labels, Is.EqualTo(truth));
    }

    /// <summary>A view that lacks a node neither holds it back nor tells it anything.</summary>
    [Test]
    public void A_node_that_only_one_graph_has_is_labelled_by_that()
    {
        SparseMatrix<double> first = Graph.FromEdges<double>(6, [(0, 1), (1, 2), (3, 4)]), second = Graph.FromEdges<double>(6, [(2, 5), (0, 1), (3, 4)]);
        LabelPropagationResult result = LabelPropagation.Fit([first, second], [0, -1, -1, 1, -1, -1], new() { Weighting = GraphWeighting.Uniform });
        Assert.That(result.Labels, Is.EqualTo<int>([0, 0, 0, 1, 1, 0]));
    }

    [Test]
    public void Nodes_without_a_path_have_no_label([Values] LabelPropagationMethod method)
    {
        LabelPropagationResult result = LabelPropagation.Fit(Graph.FromEdges<float>(5, [(0, 1), (2, 3)]), [4, -1, -1, -1, -1], new() { Method = method });
        Assert.That(result.Labels, Is.EqualTo<int>([4, 4, -1, -1, -1]));
        Assert.That(result.Scores.ToArray(), Is.All.Not.NaN);
    }

    [Test]
    public void Permuting_nodes_permutes_the_labels_and_threads_change_no_bit()
    {
        const int Nodes = 80;
        SparseMatrix<double> graph = Of(6, Nodes);
        int[] labels = Labels(Nodes, 3), order = [.. Enumerable.Range(0, Nodes).OrderBy(i => (i * 37) % Nodes)], place = new int[Nodes];
        for (int i = 0; i < Nodes; i++) place[order[i]] = i;
        SparseMatrix<double> permuted = Graph.FromEdges(Nodes, Entries(graph).Select(e => (place[e.Row], place[e.Column], e.Value)), directed: true);
        LabelPropagationResult one = LabelPropagation.Fit(graph, labels, new() { Threads = 1 }), other = LabelPropagation.Fit(permuted, [.. order.Select(i => labels[i])]);
        Assert.That(other.Labels, Is.EqualTo(order.Select(i => one.Labels[i])));
        Assert.That(LabelPropagation.Fit(graph, labels).Scores.ToArray(), Is.EqualTo(one.Scores.ToArray()));
    }

    [Test]
    public void Bad_input_is_named()
    {
        SparseMatrix<float> graph = Graph.FromEdges<float>(3, [(0, 1)]);
        Assert.That(() => LabelPropagation.Fit(graph, [0, 1]), Throws.ArgumentException.With.Message.Contains("3 nodes, there are 2 labels"));
        Assert.That(() => LabelPropagation.Fit(graph, [-1, -1, -1]), Throws.ArgumentException.With.Message.Contains("none of the 3 nodes"));
        Assert.That(() => LabelPropagation.Fit(Array.Empty<SparseMatrix<float>>(), [0]), Throws.ArgumentException.With.Message.Contains("no graph"));
        Assert.That(() => LabelPropagation.Fit(Graph.FromEdges(2, [(0, 1, 1f)], directed: true), [0, -1]), Throws.ArgumentException.With.Message.Contains("symmetric"));
        Assert.That(() => LabelPropagation.Fit(Graph.FromEdges(2, [(0, 1, -1f)]), [0, -1]), Throws.ArgumentException.With.Message.Contains("0 or more"));
        Assert.That(() => LabelPropagation.Fit(graph, [0, -1, -1], new() { Alpha = 1 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Alpha"));
    }

    private static SparseMatrix<double> Of(int seed, int nodes = 60) => Graph.Neighbours(FactorMatrices.Random<double>(nodes, 3, seed), 6);

    private static int[] Labels(int nodes, int classes) => [.. Enumerable.Range(0, nodes).Select(i => i < 4 * classes ? i % classes : -1)];

    private static IEnumerable<(int Row, int Column, double Value)> Entries(SparseMatrix<double> graph) =>
        from row in Enumerable.Range(0, graph.Rows)
        from entry in Enumerable.Range(graph.RowStarts[row], graph.RowStarts[row + 1] - graph.RowStarts[row])
        select (graph.ColumnIndices[entry], row, graph.Values[entry]);

    private static Matrix<double> Given(int[] labels, int classes) => Matrix<double>.Build.Dense(labels.Length, classes, (i, c) => labels[i] == c ? 1 : 0);

    private static Matrix<double> Dense(SparseMatrix<double> graph) => Matrix<double>.Build.Dense(graph.Rows, graph.Columns, (i, j) => graph[i, j]);

    private static Matrix<double> Normalized(SparseMatrix<double> graph)
    {
        Matrix<double> w = Dense(graph), root = Matrix<double>.Build.DenseOfDiagonalVector(w.RowSums().Map(degree => 1 / Math.Sqrt(degree)));
        return root * w * root;
    }

    private static void AssertNear(Tensor<double> actual, Matrix<double> expected, double bound)
    {
        for (int i = 0; i < expected.RowCount; i++)
        {
            for (int c = 0; c < expected.ColumnCount; c++) Assert.That(actual[i, c], Is.EqualTo(expected[i, c]).Within(bound));
        }
    }

    /// <summary>Two rings that one view blurs and the other tells apart, with a third of the rows absent from one or the other.</summary>
    [Test]
    public void Views_weigh_by_their_smoothness_and_neighbours_by_held_out_labels()
    {
        Random random = new(4);
        int[] truth = [.. Enumerable.Range(0, 120).Select(i => i % 2)], given = [.. truth.Select((label, i) => i < 8 ? label : -1)];
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        Tensor<double> clear = Tensor.Create([.. Enumerable.Range(0, 240).Select(at => (6.0 * truth[at / 2]) + Gauss())], [120, 2]);
        Tensor<double> noise = Tensor.Create([.. Enumerable.Range(0, 240).Select(_ => Gauss())], [120, 2]);
        Tensor<double>[] grams = [Gram.Compute(clear, Kernel.Rbf(0.2)), Gram.Compute(noise, Kernel.Rbf(0.2))];
        ViewPropagationResult result = LabelPropagation.FitViews(grams, given);
        Assert.That(result.ViewWeights[0], Is.GreaterThan(result.ViewWeights[1]));
        Assert.That(result.ViewWeights.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(result.Found.Labels.Where((label, i) => label == truth[i]).Count(), Is.GreaterThanOrEqualTo(114));
        Assert.That(result.HeldOut, Has.Count.EqualTo(3).And.All.LessThanOrEqualTo(0));
        Assert.That(result.Neighbours, Is.EqualTo(new ViewPropagationOptions().Neighbours[result.HeldOut.ToList().IndexOf(result.HeldOut.Max())]));

        // What stands in absent rows changes no bit.
        Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, 240).Select(at => at % 2 == 0 ? at / 2 % 3 != 0 : at / 2 % 3 != 1)], [120, 2]);
        double[]? scores = null;
        foreach (double poison in (double[])[0.5, double.NaN, 1e30])
        {
            Tensor<double>[] holed = [.. grams.Select((gram, view) => Tensor.Create([.. Enumerable.Range(0, 120 * 120).Select(at => presence[at / 120, view] && presence[at % 120, view] ? gram[at / 120, at % 120] : poison)], [120, 120]))];
            double[] found = [.. LabelPropagation.FitViews(holed, given, new() { Presence = presence }).Found.Scores];
            scores ??= found;
            Assert.That(found, Is.EqualTo(scores));
        }

        Assert.That(LabelPropagation.FitViews(grams, [.. truth.Select((label, i) => i < 2 ? label : -1)]).HeldOut, Is.All.NaN);
        Assert.That(() => LabelPropagation.FitViews(Array.Empty<Tensor<double>>(), given), Throws.ArgumentException.With.Message.Contains("no Gram matrix"));
        Assert.That(() => LabelPropagation.FitViews(grams, given, new() { Neighbours = [] }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
