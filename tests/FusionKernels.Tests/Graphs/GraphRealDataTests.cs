using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Six views of handwritten digits, two labels of each digit: graphs fused against the best of them and against their sum.</summary>
[TestFixture]
[Parallelizable]
public sealed class GraphRealDataTests
{
    private static readonly string[] s_views = ["fou", "fac", "kar", "pix", "zer", "mor"];

    [Test]
    [Category("Slow")]
    public void Learned_weights_come_near_the_best_graph_untold_and_beat_the_plain_sum()
    {
        (Tensor<float>[] views, int[] truth) = Read();
        SparseMatrix<float>[] graphs = [.. views.Select(view => Graph.Neighbours(view, 5))];
        double fused = 0, sum = 0;
        double[] ofOne = new double[views.Length];
        const int Draws = 10;
        for (int seed = 0; seed < Draws; seed++)
        {
            int[] labels = Few(truth, seed);
            LabelPropagationResult result = LabelPropagation.Fit(graphs, labels);
            double[] singles = [.. graphs.Select(graph => Accuracy(LabelPropagation.Fit(graph, labels), labels, truth))];
            double ofSum = Accuracy(LabelPropagation.Fit(graphs, labels, new() { Weighting = GraphWeighting.Uniform }), labels, truth), ofAll = Accuracy(result, labels, truth);
            TestContext.Out.WriteLine($"draw {seed}: {string.Join(", ", s_views.Zip(singles, (name, one) => $"{name} {one:p1}"))}; majority {0.1:p1}; sum {ofSum:p1}; weighted {ofAll:p1} by {string.Join(" ", result.Weights.Select(w => $"{w:f2}"))}");
            fused += ofAll / Draws;
            for (int view = 0; view < views.Length; view++) ofOne[view] += singles[view] / Draws;
            sum += ofSum / Draws;
        }

        TestContext.Out.WriteLine($"mean of {Draws} draws: best view {ofOne.Max():p1}, sum {sum:p1}, weighted {fused:p1}");
        Assert.That(fused, Is.GreaterThan(ofOne.Max() - 0.02).And.GreaterThan(sum + 0.05));
    }

    /// <summary>Weights by smoothness and neighbours by held-out labels, from twenty labels alone: above the best single graph and the plain sum in every draw.</summary>
    [Test]
    [Category("Slow")]
    public void Learned_weights_of_views_beat_the_best_graph_in_ten_draws()
    {
        (Tensor<float>[] views, int[] truth) = Read();
        Tensor<float>[] grams = [.. views.Select(view => Gram.Compute(view, Kernel.Rbf(0.5 / view.Lengths[1])))];
        SparseMatrix<float>[] graphs = [.. views.Select(view => Graph.Neighbours(view, 5))];
        double mean = 0;
        const int Draws = 10;
        for (int seed = 0; seed < Draws; seed++)
        {
            int[] given = Few(truth, seed);
            ViewPropagationResult result = LabelPropagation.FitViews(grams, given);
            double accuracy = Accuracy(result.Found, given, truth), best = graphs.Max(graph => Accuracy(LabelPropagation.Fit(graph, given), given, truth));
            double sum = Accuracy(LabelPropagation.Fit(graphs, given, new() { Weighting = GraphWeighting.Uniform }), given, truth);
            TestContext.Out.WriteLine($"draw {seed}: {accuracy:p2} with {result.Neighbours} neighbours by {string.Join(" ", result.ViewWeights.Select(w => $"{w:f2}"))}; best view of this draw {best:p2}, sum {sum:p2}");
            Assert.That(accuracy, Is.GreaterThan(best).And.GreaterThan(sum));
            mean += accuracy / Draws;
        }

        Assert.That(mean, Is.GreaterThan(0.97));
    }

    /// <summary>Figures of others on one draw: best single graph 94.7 %, plain sum of six 80.9 %, similarity network fusion 90.3 %.</summary>
    [Test]
    public void Neighbours_by_all_views_beat_every_graph_of_one()
    {
        (Tensor<float>[] views, int[] truth) = Read();
        Tensor<float>[] grams = [.. views.Select(view => Gram.Compute(view, Kernel.Rbf(0.5 / view.Lengths[1])))]; // standardised: about 1 / the median squared distance
        SparseMatrix<float> graph = Graph.FromGrams(grams, 10);
        SparseMatrix<float>[] ofOne = [.. grams.Select(gram => Graph.FromGram(gram, 10))];
        for (int seed = 0; seed < 3; seed++)
        {
            int[] given = Few(truth, seed);
            double accuracy = Accuracy(LabelPropagation.Fit(graph, given), given, truth);
            double best = ofOne.Max(one => Accuracy(LabelPropagation.Fit(one, given), given, truth));
            TestContext.Out.WriteLine($"draw {seed}: neighbours by all views {accuracy:p2}, best view {best:p2}");
            Assert.That(accuracy, Is.GreaterThan(0.97).And.GreaterThan(best));
        }
    }

    [Test]
    [Category("Slow")]
    public void Similarity_network_fusion_reaches_the_published_figure()
    {
        (Tensor<float>[] views, int[] truth) = Read();
        NetworkFusionResult<float> fused = SimilarityNetworkFusion.FuseViews(views);
        SparseMatrix<float> graph = Graph.FromGram(fused.Network, 20, new() { Weights = GraphWeights.Similarity });
        double accuracy = Enumerable.Range(0, 5).Average(seed => Accuracy(LabelPropagation.Fit(graph, Few(truth, seed)), Few(truth, seed), truth));
        TestContext.Out.WriteLine($"similarity network fusion {accuracy:p2}");
        Assert.That(accuracy, Is.GreaterThan(0.89)); // 90.3 as measured elsewhere, on other draws
    }

    private static double Accuracy(LabelPropagationResult result, int[] given, int[] truth)
    {
        int[] asked = [.. Enumerable.Range(0, truth.Length).Where(i => given[i] < 0)];
        return asked.Count(i => result.Labels[i] == truth[i]) / (double)asked.Length;
    }

    private static int[] Few(int[] truth, int seed)
    {
        Random random = new(seed);
        int[] labels = new int[truth.Length];
        Array.Fill(labels, -1);
        for (int c = 0; c < 10; c++)
        {
            foreach (int i in Enumerable.Range(0, truth.Length).Where(i => truth[i] == c).OrderBy(_ => random.Next()).Take(2)) labels[i] = c;
        }

        return labels;
    }

    private static (Tensor<float>[] Views, int[] Truth) Read()
    {
        CsvTable[] tables = [.. s_views.Select(SharedData.Handwriting)];
        return ([.. tables.Select(table => Standardized(table.Without(table.ColumnCount - 1).ToTensor<float>()))], [.. tables[0].ToLabels(tables[0].ColumnCount - 1).Indices]);
    }

    private static Tensor<float> Standardized(Tensor<float> x)
    {
        int rows = (int)x.Lengths[0];
        for (int j = 0; j < x.Lengths[1]; j++)
        {
            double mean = Enumerable.Range(0, rows).Average(i => (double)x[i, j]), deviation = Math.Sqrt(Enumerable.Range(0, rows).Average(i => Math.Pow(x[i, j] - mean, 2)));
            for (int i = 0; i < rows; i++) x[i, j] = (float)(deviation > 0 ? (x[i, j] - mean) / deviation : 0);
        }

        return x;
    }
}
