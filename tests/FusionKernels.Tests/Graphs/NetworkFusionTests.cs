using System.Numerics.Tensors;
using FusionKernels.Tests.Decompositions;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Similarity network fusion against its equations, pair by pair in float64.</summary>
[TestFixture]
[Parallelizable]
public sealed class NetworkFusionTests
{
    private const int Nodes = 41;

    [Test]
    public void Networks_are_those_of_the_equations([Values(1, 2, 3, 6)] int views, [Values] bool missing)
    {
        Tensor<double>[] affinities = [.. Enumerable.Range(0, views).Select(v => SimilarityNetworkFusion.Affinity(FactorMatrices.Random<double>(Nodes, 2 + v, v + 1)))];
        Tensor<bool>? presence = missing ? Presence(views) : null;
        NetworkFusionOptions options = new() { Neighbours = 6, Iterations = 4, Presence = presence };
        NetworkFusionResult<double> result = SimilarityNetworkFusion.Fuse(affinities, options);
        double[,] expected = Plain(affinities, presence, 6, 4);
        for (int i = 0; i < Nodes; i++)
        {
            for (int j = 0; j < Nodes; j++) Assert.That(result.Network[i, j], Is.EqualTo(expected[i, j]).Within(1e-12), $"({i}, {j})");
        }

        Tensor<float>[] narrow = [.. affinities.Select(affinity => Tensor.Create(Array.ConvertAll(affinity.ToArray(), value => (float)value), [Nodes, Nodes]))];
        NetworkFusionResult<float> single = SimilarityNetworkFusion.Fuse(narrow, options);
        for (int i = 0; i < Nodes; i++) Assert.That(single.Network[i, 7], Is.EqualTo(expected[i, 7]).Within(1e-5));
    }

    [Test]
    public void Networks_settle_and_are_symmetric()
    {
        Tensor<float>[] views = [FactorMatrices.Random<float>(Nodes, 3, 1), FactorMatrices.Random<float>(Nodes, 5, 2)];
        NetworkFusionResult<float> result = SimilarityNetworkFusion.FuseViews(views, new() { Neighbours = 8 });
        Assert.That(result.Changes, Has.Count.EqualTo(20));
        Assert.That(result.Changes[^1], Is.LessThan(0.1 * result.Changes[0]));
        for (int i = 0; i < Nodes; i++)
        {
            for (int j = 0; j < i; j++) Assert.That(result.Network[i, j], Is.EqualTo(result.Network[j, i]).And.Not.Negative);
        }

        NetworkFusionResult<float> one = SimilarityNetworkFusion.FuseViews(views, new() { Neighbours = 8, Threads = 1 });
        Assert.That(one.Network.ToArray(), Is.EqualTo(result.Network.ToArray()));
    }

    [Test]
    public void What_an_absent_row_holds_changes_nothing([Values(double.NaN, 1e30)] double stored)
    {
        Tensor<double>[] views = [.. Enumerable.Range(0, 3).Select(v => FactorMatrices.Random<double>(Nodes, 3, v + 1))];
        NetworkFusionOptions options = new() { Neighbours = 6, Iterations = 3, Presence = Presence(3) };
        double[] before = SimilarityNetworkFusion.FuseViews(views, options).Network.ToArray();
        for (int v = 0; v < 3; v++)
        {
            for (int i = 0; i < Nodes; i++)
            {
                for (int j = 0; j < 3 && !options.Presence![i, v]; j++) views[v][i, j] = stored;
            }
        }

        Assert.That(SimilarityNetworkFusion.FuseViews(views, options).Network.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Tiny_and_equal_rows_have_finite_networks([Values(0, 1, 2, 3)] int rows)
    {
        Tensor<double> zeros = Tensor.Create(new double[rows * 2], [rows, 2]);
        Assert.That(SimilarityNetworkFusion.FuseViews([zeros, zeros]).Network.ToArray(), Is.All.InRange(0, 1));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<double> x = FactorMatrices.Random<double>(5, 2, 1), square = Gram.Compute(x, Kernel.Rbf(1));
        Assert.That(() => SimilarityNetworkFusion.Fuse([square, Gram.Compute(FactorMatrices.Random<double>(4, 2, 1), Kernel.Rbf(1))]), Throws.ArgumentException.With.Message.Contains("view 1 has 4 rows, view 0 has 5"));
        Assert.That(() => SimilarityNetworkFusion.Fuse([x]), Throws.ArgumentException.With.Message.Contains("square"));
        Assert.That(() => SimilarityNetworkFusion.Fuse(Array.Empty<Tensor<float>>()), Throws.ArgumentException.With.Message.Contains("no view"));
        Assert.That(() => SimilarityNetworkFusion.FuseViews([x], new() { Neighbours = 1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Tensor<bool> mask = Tensor.Create(new bool[5], [5, 1]);
        Assert.That(() => SimilarityNetworkFusion.FuseViews([x, x], new() { Presence = mask }), Throws.ArgumentException.With.Message.Contains("5 x 2"));
        Assert.That(SimilarityNetworkFusion.FuseViews([x], new() { Presence = mask }).Network.ToArray(), Is.All.Zero, "rows of no view are nodes without edges");
        square[3, 2] = -1;
        Assert.That(() => SimilarityNetworkFusion.Fuse([square]), Throws.ArgumentException.With.Message.Contains("(3, 2)"));
    }

    private static Tensor<bool> Presence(int views) =>
        Tensor.Create([.. Enumerable.Range(0, Nodes * views).Select(at => at % views == at / views % views || at % 5 != 2)], [Nodes, views]);

    /// <summary>The equations, element by element.</summary>
    private static double[,] Plain(Tensor<double>[] affinities, Tensor<bool>? presence, int neighbours, int iterations)
    {
        int views = affinities.Length;
        int[] all = [.. Enumerable.Range(0, Nodes)], here = [.. Enumerable.Range(0, views)];
        double[][,] p = [.. here.Select(v => Normalized(v, (i, j) => affinities[v][i, j]))];
        double[][,] s = [.. here.Select(Local)];
        for (int t = 0; t < iterations; t++)
        {
            double[][,] next = new double[views][,];
            foreach (int v in here)
            {
                double[,] mean = new double[Nodes, Nodes];
                foreach (int i in all)
                {
                    foreach (int j in all)
                    {
                        int[] others = [.. here.Where(k => k != v && Has(k, i) && Has(k, j))];
                        mean[i, j] = others.Length == 0 ? p[v][i, j] : others.Average(k => p[k][i, j]);
                    }
                }

                double[,] left = Product(s[v], mean, transposed: false), both = Product(left, s[v], transposed: true);
                next[v] = Normalized(v, (i, j) => both[i, j]);
            }

            p = next;
        }

        double[,] fused = new double[Nodes, Nodes];
        foreach (int i in all)
        {
            foreach (int j in all)
            {
                int[] both = [.. here.Where(v => Has(v, i) && Has(v, j))];
                if (both.Length > 0) fused[i, j] = both.Average(v => (p[v][i, j] + p[v][j, i]) / 2);
            }
        }

        return fused;

        bool Has(int v, int i) => presence?[i, v] ?? true;

        double[,] Normalized(int v, Func<int, int, double> value)
        {
            double[,] result = new double[Nodes, Nodes];
            foreach (int i in all.Where(i => Has(v, i)))
            {
                double sum = all.Where(k => k != i && Has(v, k)).Sum(k => value(i, k));
                foreach (int j in all.Where(j => Has(v, j))) result[i, j] = i == j ? 0.5 : value(i, j) / (2 * sum);
            }

            return result;
        }

        double[,] Local(int v)
        {
            double[,] result = new double[Nodes, Nodes];
            foreach (int i in all.Where(i => Has(v, i)))
            {
                int[] nearest = [i, .. all.Where(j => j != i && Has(v, j)).OrderByDescending(j => affinities[v][i, j]).ThenBy(j => j).Take(neighbours - 1)];
                double sum = nearest.Sum(j => affinities[v][i, j]);
                foreach (int j in nearest) result[i, j] = affinities[v][i, j] / sum;
            }

            return result;
        }

        static double[,] Product(double[,] a, double[,] b, bool transposed)
        {
            double[,] result = new double[Nodes, Nodes];
            for (int i = 0; i < Nodes; i++)
            {
                for (int j = 0; j < Nodes; j++)
                {
                    for (int k = 0; k < Nodes; k++) result[i, j] += a[i, k] * (transposed ? b[j, k] : b[k, j]);
                }
            }

            return result;
        }
    }
}
