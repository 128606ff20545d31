using System.Numerics.Tensors;
using FusionKernels.Tests.Fusion;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>Links across modalities predicted over graphs of their nodes.</summary>
[TestFixture]
[Parallelizable]
public sealed class GraphAlignmentTests
{
    private static readonly GraphAlignmentOptions s_small = new() { Width = 16, Heads = 2, Components = 8, Neighbours = 4, BatchSize = 60, Epochs = 40, Optimizer = new AdamW { LearningRate = 0.01 } };

    [TestCase(GraphEncoder.Convolution)]
    [TestCase(GraphEncoder.Attention)]
    [TestCase(GraphEncoder.Heterogeneous)]
    public void Partners_that_the_fit_has_not_seen_find_each_other(GraphEncoder encoder)
    {
        (Tensor<float> x, Tensor<float> y) = Causes(120, 1);
        (Tensor<float> newX, Tensor<float> newY) = Causes(50, 2);
        GraphAlignmentModel<float> model = GraphAlignment.Fit(x, y, s_small with { Encoder = encoder });
        RetrievalResult found = model.Evaluate(newX, newY);
        Assert.That(found.AToB.RecallAt1, Is.GreaterThan(0.2), "chance is .02");
        Assert.That(model.Transform(newX, newY).Y.Lengths.ToArray(), Is.EqualTo(new nint[] { 50, 8 }));
        Assert.That(model.Nodes("x").Lengths.ToArray(), Is.EqualTo(new nint[] { 120, 8 }));
        Assert.That(model.TransformX(Tensor.Create(Array.Empty<float>(), [0, 5])).Lengths.ToArray(), Is.EqualTo(new nint[] { 0, 8 }));

        // Order is nothing: nodes in another order have the same places in that order.
        int[] order = [.. Enumerable.Range(0, 50).Select(i => (i * 7) % 50)];
        float[] places = GradientCheck.Flat(model.TransformX(newX)), permuted = GradientCheck.Flat(model.TransformX(Take(newX, order)));
        Assert.That(permuted, Is.EqualTo(order.SelectMany(i => places.AsSpan(i * 8, 8).ToArray())).Within(1e-5));

        // One more step moves every parameter; what a head's key-like vectors cannot move is not here.
        float[][] before = [.. model.Parameters.All.Select(one => GradientCheck.Flat(one.Read()))];
        float[][] begun = [.. GraphAlignment.Fit(x, y, s_small with { Encoder = encoder, Epochs = 1, BatchSize = 200, Optimizer = new Sgd { LearningRate = 0 } }).Parameters.All.Select(one => GradientCheck.Flat(one.Read()))];
        Assert.That(before.Zip(begun, (a, b) => a.AsSpan().SequenceEqual(b)), Has.None.True, string.Join(", ", model.Parameters.All.Select(one => one.Name)));
    }

    [TestCase(GraphEncoder.Convolution)]
    [TestCase(GraphEncoder.Attention)]
    [TestCase(GraphEncoder.Heterogeneous)]
    public void Nodes_permuted_before_the_network_are_permuted_behind_it_and_isolated_ones_are_finite(GraphEncoder encoder)
    {
        (Tensor<double> x, Tensor<double> y) = (GradientCheck.Values(1, 12, 3), GradientCheck.Values(2, 12, 4));
        (int, int)[] edges = [(0, 1), (1, 2), (2, 5), (7, 0), (8, 9)];
        int[] order = [.. Enumerable.Range(0, 12).Select(i => (i * 5) % 12)];
        Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, 24).Select(at => at is not (7 or 8))], [12, 2]);
        Tensor<bool> moved = Tensor.Create([.. order.SelectMany(i => (bool[])[presence[i, 0], presence[i, 1]])], [12, 2]);
        GraphAlignmentOptions options = s_small with { Encoder = encoder, Epochs = 1, Dropout = 0, Optimizer = new Sgd { LearningRate = 0 } };
        GraphAlignmentModel<double> model = GraphAlignment.Fit(x, y, Graph.FromEdges<double>(12, edges), null, options with { Presence = presence });
        GraphAlignmentModel<double> other = GraphAlignment.Fit(
            Take(x, order), Take(y, order), Graph.FromEdges<double>(12, edges.Select(edge => (Array.IndexOf(order, edge.Item1), Array.IndexOf(order, edge.Item2)))), null, options with { Presence = moved });
        foreach (string view in (string[])["x", "y"])
        {
            double[] places = GradientCheck.Flat(model.Nodes(view)), permuted = GradientCheck.Flat(other.Nodes(view));
            Assert.That(permuted, Is.EqualTo(order.SelectMany(i => places.AsSpan(i * 8, 8).ToArray())).Within(1e-12));
            Assert.That(places, Is.All.Matches<double>(double.IsFinite));
        }

        Assert.That(GradientCheck.Flat(model.Nodes("y")).AsSpan(3 * 8, 8).ToArray(), Is.All.EqualTo(0), "the row lacks the view");

        // Without a single edge, links included.
        GraphAlignmentModel<double> alone = GraphAlignment.Fit(x, y, options with { Neighbours = 0, Epochs = 2, Optimizer = new AdamW() });
        Assert.That(GradientCheck.Flat(alone.TransformX(x)), Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Absent_views_cannot_change_a_bit()
    {
        (Tensor<float> x, Tensor<float> y) = Causes(60, 1);
        Tensor<bool> presence = Tensor.Create(new bool[120], [60, 2]);
        for (int i = 0; i < 60; i++) (presence[i, 0], presence[i, 1]) = (i % 7 != 0, i % 5 != 1 || i % 7 == 0);
        GraphAlignmentOptions options = s_small with { Epochs = 2, BatchSize = 20, Presence = presence };
        float[] before = Bits(1);
        for (int j = 0; j < 5; j++) x[0, j] = x[7, j] = float.NaN;
        for (int j = 0; j < 4; j++) y[1, j] = 1e30f;
        Assert.That(Bits(2), Is.EqualTo(before), "nor can threads");
        Assert.That(() => GraphAlignment.Fit(x, y, options with { Presence = null }), Throws.ArgumentException.With.Message.Contain("view 'x', row 0, feature 0 is not a finite number"));
        Assert.That(() => GraphAlignment.Fit(x, Take(y, [0, 1, 2])), Throws.ArgumentException.With.Message.Contain("'x' has 60 rows, 'y' has 3"));
        Assert.That(() => GraphAlignment.Fit<float>(Views.Of(("x", x))), Throws.ArgumentException.With.Message.Contain("links join two at least"));
        Assert.That(() => GraphAlignment.Fit(y, y, Graph.FromEdges<float>(3, [(0, 1)]), null), Throws.ArgumentException);

        float[] Bits(int threads)
        {
            GraphAlignmentModel<float> model = GraphAlignment.Fit(x, y, options with { Threads = threads });
            return [.. GradientCheck.Flat(model.Nodes("x")), .. GradientCheck.Flat(model.Nodes("y"))];
        }
    }

    [Test]
    public void Three_modalities_share_a_space()
    {
        (Tensor<float> x, Tensor<float> y) = Causes(90, 1);
        (Tensor<float> z, _) = Causes(90, 1, noise: 0.3);
        Views views = Views.Of(("x", x), ("y", y), ("z", z)).WithMissing(0.2, 3);
        GraphAlignmentModel<float> model = GraphAlignment.Fit<float>(views, options: s_small with { Encoder = GraphEncoder.Heterogeneous });
        RetrievalResult found = Retrieval.Evaluate(model.Transform("x", x), model.Transform("z", z), SimilarityMetric.Cosine);
        Assert.That(found.AToB.RecallAt10, Is.GreaterThan(0.6), "chance is .11");
        Assert.That(() => model.Transform("w", x), Throws.ArgumentException.With.Message.Contain("there is no view 'w'; there are x, y, z"));
    }

    /// <summary>Held-out digits: chance names one partner in 400, 0.25 %. Reference of linear canonical correlation with optimal assignment: fou-zer 9.8 %, fac-fou 15.3 %.</summary>
    [Test]
    [Category("Slow")]
    public void Views_of_digits_link_ten_times_better_than_chance()
    {
        ViewsSplit split = FusionData.Digits("fou", "zer").Folds(5, 1)[0];
        foreach (GraphEncoder encoder in Enum.GetValues<GraphEncoder>())
        {
            GraphAlignmentModel<float> model = GraphAlignment.Fit<float>(split.Train, options: new() { Encoder = encoder });
            Tensor<float>[] both = [.. split.Test.Names.Select(name => Values(split.Test[name]))];
            RetrievalResult found = model.Evaluate(both[0], both[1]);
            TestContext.Out.WriteLine($"{encoder}: fou to zer {found.AToB.RecallAt1:p1}, back {found.BToA.RecallAt1:p1}, chance {1 / 400.0:p2}");
            Assert.That(Math.Min(found.AToB.RecallAt1, found.BToA.RecallAt1), Is.GreaterThan(10 / 400.0));
        }
    }

    private static Tensor<float> Values(View view)
    {
        float[] values = new float[view.Rows * view.Features];
        for (int row = 0; row < view.Rows; row++) view.CopyRow(row, values.AsSpan(row * view.Features, view.Features));
        return Tensor.Create(values, [view.Rows, view.Features]);
    }

    /// <summary>Two views, of 5 and 4 features, of three hidden causes.</summary>
    private static (Tensor<float> X, Tensor<float> Y) Causes(int rows, int seed, double noise = 0.1)
    {
        Random random = new(seed), mixing = new(77), noises = new(seed + (int)(100 * noise));
        double[] toX = [.. Enumerable.Range(0, 15).Select(_ => FusionData.Gauss(mixing))], toY = [.. Enumerable.Range(0, 12).Select(_ => FusionData.Gauss(mixing))];
        float[] x = new float[rows * 5], y = new float[rows * 4];
        for (int i = 0; i < rows; i++)
        {
            double[] causes = [FusionData.Gauss(random), FusionData.Gauss(random), FusionData.Gauss(random)];
            for (int j = 0; j < 5; j++) x[(i * 5) + j] = (float)(causes.Select((cause, k) => cause * toX[(k * 5) + j]).Sum() + (noise * FusionData.Gauss(noises)));
            for (int j = 0; j < 4; j++) y[(i * 4) + j] = (float)(causes.Select((cause, k) => cause * toY[(k * 4) + j]).Sum() + (noise * FusionData.Gauss(noises)));
        }

        return (Tensor.Create(x, [rows, 5]), Tensor.Create(y, [rows, 4]));
    }

    private static Tensor<T> Take<T>(Tensor<T> rows, int[] order)
    {
        int width = (int)rows.Lengths[1];
        return Tensor.Create([.. order.SelectMany(i => Enumerable.Range(0, width).Select(k => rows[i, k]))], [order.Length, width]);
    }
}
