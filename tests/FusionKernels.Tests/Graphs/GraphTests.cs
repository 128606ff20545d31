using System.Numerics.Tensors;
using FusionKernels.Tests.Decompositions;
using FusionKernels.Tests.Grams;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Graphs of edges and of neighbours.</summary>
[TestFixture]
[Parallelizable]
public sealed class GraphTests
{
    [Test]
    public void Edges_are_stored_both_ways_and_once()
    {
        SparseMatrix<float> graph = Graph.FromEdges<float>(4, [(0, 1), (1, 0), (2, 1), (0, 1)]);
        Assert.That(graph.ToDense().ToArray(), Is.EqualTo(new float[] { 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 }));
        SparseMatrix<double> directed = Graph.FromEdges(2, [(0, 1, 0.5), (0, 1, 0.25)], directed: true);
        Assert.That((directed[1, 0], directed[0, 1]), Is.EqualTo((0.75, 0.0)));
    }

    [Test]
    public void Lists_of_edges_are_read([Values] bool weighted)
    {
        using TemporaryFolder folder = new();
        string path = folder["edges.csv"];
        File.WriteAllLines(path, weighted ? ["0,2,0.5", "1,2,2"] : ["a,b", "0,2", "2,0", "1,2"]);
        SparseMatrix<double> graph = Graph.ReadEdges<double>(path, nodes: 5);
        Assert.That((graph.Rows, graph.Count, graph[0, 2], graph[2, 1]), Is.EqualTo((5, 4, weighted ? 0.5 : 1, weighted ? 2.0 : 1)));
        Assert.That(Graph.ReadEdges<double>(path).Rows, Is.EqualTo(3));
        Assert.That(() => Graph.ReadEdges<double>(path, nodes: 2), Throws.TypeOf<DataFormatException>().With.Message.Contains("from 0 to 1"));
        File.WriteAllLines(path, ["0,1.5"]);
        Assert.That(() => Graph.ReadEdges<double>(path), Throws.TypeOf<DataFormatException>().With.Message.Contains("1.5"));
    }

    [Test]
    public void Normalised_weights_are_those_of_the_formula()
    {
        SparseMatrix<double> graph = Graph.FromEdges(4, [(0, 1, 1.0), (1, 2, 3.0)]);
        Tensor<double> symmetric = Graph.Normalize(graph, GraphNormalization.Symmetric).ToDense(), looped = Graph.Normalize(graph).ToDense(), row = Graph.Normalize(graph, GraphNormalization.Row).ToDense();
        Assert.That(symmetric[0, 1], Is.EqualTo(1 / Math.Sqrt(1 * 4)).Within(1e-15));
        Assert.That(looped[1, 2], Is.EqualTo(3 / Math.Sqrt(5 * 4)).Within(1e-15));
        Assert.That((looped[3, 3], looped[0, 0]), Is.EqualTo((1.0, 0.5)).Within(1e-15));
        Assert.That((row[1, 0], row[1, 2], row[3, 3]), Is.EqualTo((0.25, 0.75, 0.0)).Within(1e-15));
    }

    [Test]
    public void Neighbours_are_the_nearest_and_weigh_by_local_scaling()
    {
        const int Rows = 40, Count = 5;
        Tensor<double> x = FactorMatrices.Random<double>(Rows, 3, 1);
        double[,] distances = Distances(GramAssert.Array(x));
        SparseMatrix<double> graph = Graph.Neighbours(x, Count, new() { Symmetry = GraphSymmetry.Directed, ScalingNeighbour = 3 });
        for (int i = 0; i < Rows; i++)
        {
            int[] nearest = [.. Enumerable.Range(0, Rows).Where(j => j != i).OrderBy(j => distances[i, j]).Take(Count)];
            Assert.That(graph.ColumnIndices[graph.RowStarts[i]..graph.RowStarts[i + 1]].ToArray(), Is.EquivalentTo(nearest));
            double own = Scale(i);
            foreach (int j in nearest) Assert.That(graph[i, j], Is.EqualTo(Math.Exp(-distances[i, j] * distances[i, j] / (own * Scale(j)))).Within(1e-12));
        }

        double Scale(int i) => Enumerable.Range(0, Rows).Where(j => j != i).Select(j => distances[i, j]).Order().ElementAt(2);
    }

    [Test]
    public void Unions_hold_either_and_mutual_graphs_both()
    {
        Tensor<float> x = FactorMatrices.Random<float>(50, 2, 2);
        float[] directed = Of(GraphSymmetry.Directed), union = Of(GraphSymmetry.Union), mutual = Of(GraphSymmetry.Mutual);
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 50; j++)
            {
                float one = directed[(i * 50) + j], other = directed[(j * 50) + i];
                Assert.That(union[(i * 50) + j], Is.EqualTo(Math.Max(one, other)));
                Assert.That(mutual[(i * 50) + j], Is.EqualTo(Math.Min(one, other)));
            }
        }

        float[] Of(GraphSymmetry symmetry) => Graph.Neighbours(x, 4, new() { Symmetry = symmetry, Weights = GraphWeights.One }).ToDense().ToArray();
    }

    [Test]
    public void A_ready_gram_joins_as_its_kernel_does()
    {
        Tensor<double> x = FactorMatrices.Random<double>(30, 4, 3);
        Kernel kernel = Kernel.Rbf(0.7);
        SparseMatrix<double> ofRows = Graph.Neighbours(x, kernel, 4), ofGram = Graph.FromGram(Gram.Compute(x, kernel), 4);
        Assert.That(ofGram.ColumnIndices.ToArray(), Is.EqualTo(ofRows.ColumnIndices.ToArray()));
        Assert.That(ofGram.Values.ToArray(), Is.EqualTo(ofRows.Values.ToArray()).Within(1e-12));
    }

    [Test]
    public void What_an_absent_row_holds_changes_nothing([Values(double.NaN, 1e30)] double stored)
    {
        Tensor<double> x = FactorMatrices.Random<double>(20, 3, 4);
        bool[] presence = [.. Enumerable.Range(0, 20).Select(i => i % 7 != 3)];
        NeighbourGraphOptions options = new() { Presence = presence };
        SparseMatrix<double> before = Graph.Neighbours(x, 3, options), ofKernel = Graph.Neighbours(x, Kernel.Linear(), 3, options), ofGram = Graph.FromGram(Gram.Compute(x, Kernel.Rbf(1)), 3, options);
        Tensor<double> gram = Gram.Compute(x, Kernel.Rbf(1));
        foreach (int row in Enumerable.Range(0, 20).Where(i => !presence[i]))
        {
            for (int j = 0; j < 3; j++) x[row, j] = stored;
            for (int j = 0; j < 20; j++) gram[row, j] = gram[j, row] = stored;
            Assert.That(before.RowStarts[row + 1], Is.EqualTo(before.RowStarts[row]));
        }

        Assert.That(Graph.Neighbours(x, 3, options).ToDense().ToArray(), Is.EqualTo(before.ToDense().ToArray()));
        Assert.That(Graph.Neighbours(x, Kernel.Linear(), 3, options).ToDense().ToArray(), Is.EqualTo(ofKernel.ToDense().ToArray()));
        Assert.That(Graph.FromGram(gram, 3, options).ToDense().ToArray(), Is.EqualTo(ofGram.ToDense().ToArray()));
    }

    [Test]
    public void Views_join_by_the_mean_of_those_that_have_both_rows()
    {
        Tensor<double>[] views = [FactorMatrices.Random<double>(12, 2, 1), FactorMatrices.Random<double>(12, 3, 2)];
        Tensor<double>[] grams = [.. views.Select(view => Gram.Compute(view, Kernel.Rbf(1)))];
        Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, 24).Select(at => at / 2 != 7 && (at % 2 == 0 ? at / 2 < 9 : at / 2 > 2))], [12, 2]);
        SparseMatrix<double> graph = Graph.FromGrams(grams, 3, new() { Presence = presence, ViewWeights = [2, 1], Weights = GraphWeights.Similarity, Symmetry = GraphSymmetry.Directed });
        for (int i = 0; i < 12; i++)
        {
            double[] row = [.. Enumerable.Range(0, 12).Select(j => Mean(i, j))];
            int[] nearest = [.. Enumerable.Range(0, 12).Where(j => j != i && double.IsFinite(row[j])).OrderByDescending(j => row[j]).Take(3)];
            Assert.That(graph.ColumnIndices[graph.RowStarts[i]..graph.RowStarts[i + 1]].ToArray(), Is.EquivalentTo(nearest));
            foreach (int j in nearest) Assert.That(graph[i, j], Is.EqualTo(row[j]).Within(1e-12));
        }

        Assert.That(Graph.FromGrams(grams, 3, new() { Presence = presence }).Values.ToArray(), Is.All.InRange(0, 1));
        for (int j = 0; j < 12; j++) grams[0][10, j] = grams[0][j, 10] = grams[1][7, j] = grams[1][j, 7] = double.NaN;
        SparseMatrix<double> spoiled = Graph.FromGrams(grams, 3, new() { Presence = presence, ViewWeights = [2, 1], Weights = GraphWeights.Similarity, Symmetry = GraphSymmetry.Directed });
        Assert.That(spoiled.ToDense().ToArray(), Is.EqualTo(graph.ToDense().ToArray()));
        Assert.That(() => Graph.FromGrams(grams, 3), Throws.ArgumentException.With.Message.Contains("grams[1] has NaN at (0, 7)"));
        Assert.That(() => Graph.FromGrams(grams, 3, new() { ViewWeights = [1] }), Throws.ArgumentException.With.Message.Contains("2 views and 1 weights"));

        double Mean(int i, int j)
        {
            double first = presence[i, 0] && presence[j, 0] ? 2 : 0, second = presence[i, 1] && presence[j, 1] ? 1 : 0;
            return ((first * grams[0][i, j]) + (second * grams[1][i, j])) / (first + second);
        }
    }

    [Test]
    public void Few_and_equal_rows_have_finite_graphs()
    {
        Assert.That(Graph.Neighbours(Tensor.Create(Array.Empty<float>(), [0, 3]), 4).Count, Is.Zero);
        Assert.That(Graph.Neighbours(Tensor.Create(new float[3], [1, 3]), 4).Count, Is.Zero);
        Assert.That(Graph.Neighbours(Tensor.Create(new float[6], [2, 3]), 4).Values.ToArray(), Is.EqualTo(new float[] { 1, 1 }));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<double> x = FactorMatrices.Random<double>(6, 2, 5);
        Assert.That(() => Graph.FromEdges<float>(2, [(0, 1), (1, 2)]), Throws.ArgumentException.With.Message.Contains("edge 1 has node 2"));
        Assert.That(() => Graph.Neighbours(x, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Graph.Neighbours(x, 2, new() { Presence = [true] }), Throws.ArgumentException.With.Message.Contains("1 rows, there are 6"));
        Assert.That(() => Graph.FromGram(x, 2), Throws.ArgumentException.With.Message.Contains("square"));
        Assert.That(() => Graph.Normalize(Graph.FromEdges(2, [(0, 1, -1.0)])), Throws.ArgumentException.With.Message.Contains("0 or more"));
        x[4, 1] = double.NaN;
        Assert.That(() => Graph.Neighbours(x, 2), Throws.ArgumentException.With.Message.Contains("[4, 1]"));
        Assert.That(() => Graph.Neighbours(x, 2, new() { Presence = [false, true, true, true, true, true] }), Throws.ArgumentException.With.Message.Contains("[4, 1]"));
    }

    private static double[,] Distances(double[,] x)
    {
        int rows = x.GetLength(0);
        double[,] distances = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++) distances[i, j] = Math.Sqrt(Enumerable.Range(0, x.GetLength(1)).Sum(f => Math.Pow(x[i, f] - x[j, f], 2)));
        }

        return distances;
    }
}
