using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>Similarities, nearest and mutual nearest rows and tiled retrieval, on every engine.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class SimilarityTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SimilarityMetric[] s_metrics =
        [SimilarityMetric.Cosine, SimilarityMetric.CenteredCosine, SimilarityMetric.DotProduct, SimilarityMetric.Rbf(0.7), Kernel.Laplacian()];

    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void Similarities_are_their_formulas([ValueSource(nameof(s_metrics))] SimilarityMetric metric, [Values(1, 5, 19)] int rows)
    {
        double[,] a = GramAssert.Rows<T>(rows, 4, 1), b = GramAssert.Rows<T>(23, 4, 2);
        Tensor<T> similarities = SimilarityMatrix.Compute(GramAssert.Tensor<T>(a), GramAssert.Tensor<T>(b), metric, Options);
        Assert.That(similarities.Lengths.ToArray(), Is.EqualTo(new nint[] { rows, 23 }));
        double[,] expected = Expected(metric, a, b);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < 23; j++) Assert.That(double.CreateChecked(similarities[i, j]), Is.EqualTo(expected[i, j]).Within(Tolerances.Gram<T>(4) * 4), $"{metric} [{i}, {j}]");
        }
    }

    [Test]
    public void Means_of_the_training_sides_are_subtracted_as_given()
    {
        Tensor<T> a = GramAssert.Tensor<T>(new double[,] { { 3, 1 }, { 1, 3 } }), b = GramAssert.Tensor<T>(new double[,] { { 12, 10 } });
        Tensor<T> similarities = SimilarityMatrix.Compute(a, b, SimilarityMetric.CenteredCosineBy([1, 1], [10, 10]), Options);
        Assert.That(GramAssert.Array(similarities), Is.EqualTo(new double[,] { { 1 }, { 0 } }).Within(Tolerances.Gram<T>(2)));
        Tensor<T> same = SimilarityMatrix.Compute(
            GramAssert.Tensor<T>(new[,] { { 0.1, 0.7 }, { 0.1, 0.7 }, { 0.1, 0.7 } }), b, SimilarityMetric.CenteredCosine, Options);
        Assert.That(GramAssert.Elements(same), Has.All.EqualTo(T.Zero), "rows that are all the same have no direction");
    }

    [Test]
    public void The_nearest_are_the_sorted_similarities([ValueSource(nameof(s_metrics))] SimilarityMetric metric)
    {
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Rows<T>(13, 4, 3)), b = GramAssert.Tensor<T>(GramAssert.Rows<T>(31, 4, 4));
        GramNeighbours<T> nearest = Matching.Nearest(a, b, metric, 6, Options);
        double[,] all = GramAssert.Array(SimilarityMatrix.Compute(a, b, metric, Options));
        for (int i = 0; i < 13; i++)
        {
            int[] order = [.. Enumerable.Range(0, 31).OrderByDescending(j => all[i, j]).Take(6)];
            Assert.That(Enumerable.Range(0, 6).Select(place => nearest.Indices[i, place]), Is.EqualTo(order), $"{metric}, row {i}");
        }
    }

    [Test]
    public void Mutual_neighbours_choose_each_other([ValueSource(nameof(s_metrics))] SimilarityMetric metric)
    {
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Rows<T>(17, 4, 5)), b = GramAssert.Tensor<T>(GramAssert.Rows<T>(12, 4, 6));
        double[,] all = GramAssert.Array(SimilarityMatrix.Compute(a, b, metric, Options));
        List<(int, int)> expected = [];
        for (int i = 0; i < 17; i++)
        {
            int j = Enumerable.Range(0, 12).MaxBy(column => all[i, column]);
            if (Enumerable.Range(0, 17).MaxBy(row => all[row, j]) == i) expected.Add((i, j));
        }

        IReadOnlyList<MatchedPair> pairs = Matching.MutualNearest(a, b, metric, Options);
        Assert.That(pairs.Select(pair => (pair.A, pair.B)), Is.EqualTo(expected));
        foreach (MatchedPair pair in pairs) Assert.That(pair.Similarity, Is.EqualTo(all[pair.A, pair.B]).Within(Tolerances.Gram<T>(4)));
    }

    [Test]
    public void Of_equal_rows_the_first_choose_each_other()
    {
        Tensor<T> a = GramAssert.Tensor<T>(new double[,] { { 1, 0 }, { 1, 0 }, { 0, 1 } }), b = GramAssert.Tensor<T>(new double[,] { { 0, 2 }, { 3, 0 }, { 3, 0 } });
        IReadOnlyList<MatchedPair> pairs = Matching.MutualNearest(a, b, SimilarityMetric.Cosine, Options);
        Assert.That(pairs.Select(pair => (pair.A, pair.B)), Is.EqualTo(new[] { (0, 1), (2, 0) }));
        Assert.That(Matching.MutualNearest(GramAssert.Tensor<T>(new double[0, 2]), b, SimilarityMetric.Cosine, Options), Is.Empty);
    }

    [Test]
    public void Retrieval_of_rows_is_that_of_their_matrix([ValueSource(nameof(s_metrics))] SimilarityMetric metric)
    {
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Rows<T>(21, 4, 7)), b = GramAssert.Tensor<T>(GramAssert.Rows<T>(21, 4, 8));
        int[] labelsA = [.. Enumerable.Range(0, 21).Select(i => i % 3)], labelsB = [.. Enumerable.Range(0, 21).Select(i => i * i % 4)];
        Tensor<T> all = SimilarityMatrix.Compute(a, b, metric, Options);
        Same(Retrieval.Evaluate(a, b, metric, labelsA, labelsB, Options), Retrieval.Evaluate(all, labelsA, labelsB));
        Same(Retrieval.Evaluate(a, b, metric, Options), Retrieval.Evaluate(all));

        static void Same(RetrievalResult actual, RetrievalResult expected)
        {
            Assert.That(actual.AToB.MeanAveragePrecision, Is.EqualTo(expected.AToB.MeanAveragePrecision).Within(1e-12));
            Assert.That(actual.BToA.MeanAveragePrecision, Is.EqualTo(expected.BToA.MeanAveragePrecision).Within(1e-12));
            Assert.That((actual.AToB.MedianRank, actual.BToA.MedianRank), Is.EqualTo((expected.AToB.MedianRank, expected.BToA.MedianRank)));
        }
    }

    [Test]
    public void Bad_input_is_told_in_words()
    {
        Tensor<T> a = GramAssert.Tensor<T>(new double[2, 3]), b = GramAssert.Tensor<T>(new double[2, 4]), bad = GramAssert.Tensor<T>(new[,] { { 1, 2, 3 }, { 4, double.NaN, 6 } });
        Assert.That(() => SimilarityMatrix.Compute(a, b, SimilarityMetric.Cosine, Options), Throws.ArgumentException.With.Message.Contains("a has 3 features, b has 4"));
        Assert.That(() => Matching.Nearest(a, a, SimilarityMetric.Cosine, 3, Options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 2"));
        Assert.That(() => SimilarityMatrix.Compute(a, bad, SimilarityMetric.CenteredCosine, Options), Throws.ArgumentException.With.Message.Contains("b[1, 1] is not a finite number"));
        Assert.That(() => SimilarityMatrix.Compute(a, bad, SimilarityMetric.DotProduct, Options), Throws.ArgumentException.With.Message.Contains("[1, 1] is not a finite number"));
        Assert.That(() => SimilarityMatrix.Compute(a, a, SimilarityMetric.CenteredCosineBy([1], [1]), Options), Throws.ArgumentException.With.Message.Contains("means are of 1 features"));
        Assert.That(() => SimilarityMetric.CenteredCosineBy([1], [1, 2]), Throws.ArgumentException.With.Message.Contains("same features"));
        Assert.That(() => SimilarityMetric.CenteredCosineBy([1], [double.NaN]), Throws.ArgumentException.With.Message.Contains("meansB[0] is NaN"));
        Assert.That(() => SimilarityMetric.Rbf(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static double[,] Expected(SimilarityMetric metric, double[,] a, double[,] b)
    {
        string name = metric.ToString();
        if (name == "centred cosine") (a, b) = (Centred(a), Centred(b));
        double[,] expected = new double[a.GetLength(0), b.GetLength(0)];
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                double dot = 0, normA = 0, normB = 0, squared = 0, absolute = 0;
                for (int k = 0; k < a.GetLength(1); k++)
                {
                    double x = a[i, k], y = b[j, k];
                    (dot, normA, normB, squared, absolute) = (dot + (x * y), normA + (x * x), normB + (y * y), squared + ((x - y) * (x - y)), absolute + Math.Abs(x - y));
                }

                expected[i, j] = name switch
                {
                    "dot" => dot,
                    "rbf" => Math.Exp(-0.7 * squared),
                    "cosine" or "centred cosine" => normA * normB == 0 ? 0 : dot / Math.Sqrt(normA * normB),
                    _ => Math.Exp(-absolute / a.GetLength(1)),
                };
            }
        }

        return expected;
    }

    private static double[,] Centred(double[,] rows)
    {
        double[,] centred = (double[,])rows.Clone();
        for (int k = 0; k < rows.GetLength(1); k++)
        {
            double mean = Enumerable.Range(0, rows.GetLength(0)).Average(i => rows[i, k]);
            for (int i = 0; i < rows.GetLength(0); i++) centred[i, k] = rows.GetLength(0) == 1 ? 0 : rows[i, k] - mean;
        }

        return centred;
    }
}
