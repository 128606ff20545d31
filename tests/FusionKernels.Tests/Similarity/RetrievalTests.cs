using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>Retrieval figures: cases computed by hand, the plain definition on random scores, and errors.</summary>
[TestFixture]
[Parallelizable]
public sealed class RetrievalTests
{
    [Test]
    public void A_case_by_hand_of_labels()
    {
        // Query 0 (class 1) finds in order: 1 (class 1), 0 (class 2), 2 (class 1): AP = (1/1 + 2/3) / 2.
        // Query 1 (class 2) finds: 2, 1, 0 with the only one of class 2 last: AP = 1/3.
        Tensor<double> similarities = Tensor.Create([0.5, 0.9, 0.1, 0.1, 0.2, 0.3], [2, 3]);
        RetrievalResult result = Retrieval.Evaluate(similarities, [1, 2], [2, 1, 1]);
        RetrievalScores forward = result.AToB;
        Assert.That(forward.MeanAveragePrecision, Is.EqualTo((((1 + (2.0 / 3)) / 2) + (1.0 / 3)) / 2).Within(1e-15));
        Assert.That((forward.RecallAt1, forward.RecallAt5, forward.RecallAt10, forward.MedianRank), Is.EqualTo((0.5, 1.0, 1.0, 2.0)));
        Assert.That((forward.Queries, forward.WithoutRelevant), Is.EqualTo((2, 0)));

        // Columns ask: 0 (class 2): row 0 (0.5) before row 1 (0.1), which is relevant: rank 2; 1: row 0 first: 1; 2: row 1 (0.3) first: 2.
        RetrievalScores backward = result.BToA;
        Assert.That(backward.MeanAveragePrecision, Is.EqualTo((0.5 + 1 + 0.5) / 3).Within(1e-15));
        Assert.That((backward.RecallAt1, backward.MedianRank), Is.EqualTo((1 / 3.0, 2.0)));
    }

    [Test]
    public void A_case_by_hand_of_pairs()
    {
        double[] similarities = new double[144];
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++) similarities[(i * 12) + j] = -j; // what stands first is the most similar to all
        }

        RetrievalScores forward = Retrieval.Evaluate(Tensor.Create(similarities, [12, 12])).AToB;
        Assert.That((forward.RecallAt1, forward.RecallAt5, forward.RecallAt10, forward.MedianRank), Is.EqualTo((1 / 12.0, 5 / 12.0, 10 / 12.0, 6.5)));
        Assert.That(forward.MeanAveragePrecision, Is.EqualTo(Enumerable.Range(1, 12).Average(rank => 1.0 / rank)).Within(1e-15));
    }

    [Test]
    public void Ties_help_nobody()
    {
        RetrievalScores constant = Retrieval.Evaluate(Tensor.Create(new float[49], [7, 7])).AToB;
        Assert.That((constant.RecallAt1, constant.RecallAt5, constant.MedianRank), Is.EqualTo((0.0, 0.0, 7.0)), "constant scores rank the one that is meant last");
        Assert.That(constant.MeanAveragePrecision, Is.EqualTo(1 / 7.0).Within(1e-15));

        // Two of three relevant tie with one that is not: ranks 2 and 3; the third is behind them.
        RetrievalScores labels = Retrieval.Evaluate(Tensor.Create([0.7, 0.7, 0.7, 0.1], [1, 4]), [1], [1, 2, 1, 1]).AToB;
        Assert.That(labels.MeanAveragePrecision, Is.EqualTo(((1 / 2.0) + (2 / 3.0) + (3 / 4.0)) / 3).Within(1e-15));
    }

    [Test]
    public void Queries_without_anything_relevant_are_counted_apart()
    {
        RetrievalResult result = Retrieval.Evaluate(Tensor.Create([0.9, 0.1, 0.2, 0.3], [2, 2]), [1, 5], [1, 7]);
        Assert.That((result.AToB.Queries, result.AToB.WithoutRelevant, result.AToB.MeanAveragePrecision), Is.EqualTo((1, 1, 1.0)));
        Assert.That((result.BToA.Queries, result.BToA.WithoutRelevant, result.BToA.MedianRank), Is.EqualTo((1, 1, 1.0)));
    }

    [Test]
    public void Random_scores_agree_with_the_definition([Values] bool labelled)
    {
        Random random = new(4);
        for (int trial = 0; trial < 30; trial++)
        {
            int rows = random.Next(1, 30), columns = labelled ? random.Next(1, 30) : rows, classes = random.Next(1, 5), grain = random.Next(2, 50);
            int[] a = [.. Enumerable.Range(0, rows).Select(i => labelled ? (i == 0 ? 0 : random.Next(classes)) : i)];
            int[] b = [.. Enumerable.Range(0, columns).Select(i => labelled ? (i == 0 ? 0 : random.Next(classes)) : i)];
            double[,] scores = new double[rows, columns];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++) scores[i, j] = random.Next(grain) / 8.0;
            }

            Tensor<double> similarities = GramAssert.Tensor<double>(scores);
            RetrievalResult result = labelled ? Retrieval.Evaluate(similarities, a, b) : Retrieval.Evaluate(similarities);
            Check(result.AToB, rows, columns, (i, j) => scores[i, j], (i, j) => a[i] == b[j]);
            Check(result.BToA, columns, rows, (i, j) => scores[j, i], (i, j) => a[j] == b[i]);
        }
    }

    [Test]
    public void Order_of_storage_changes_nothing()
    {
        Tensor<double> a = GramAssert.Tensor<double>(GramAssert.Rows<double>(40, 3, 1)), b = GramAssert.Tensor<double>(GramAssert.Rows<double>(50, 3, 2));
        int[] labelsA = [.. Enumerable.Range(0, 40).Select(i => i % 4)], labelsB = [.. Enumerable.Range(0, 50).Select(i => i % 4)];
        RetrievalResult straight = Retrieval.Evaluate(a, b, SimilarityMetric.Cosine, labelsA, labelsB);
        double[] elements = [.. GramAssert.Elements(b).Chunk(3).Reverse().SelectMany(row => row)];
        Tensor<double> reversed = Tensor.Create(elements, [50, 3]);
        RetrievalResult turned = Retrieval.Evaluate(a, reversed, SimilarityMetric.Cosine, labelsA, [.. labelsB.Reverse()]);
        Assert.That(turned.AToB, Is.EqualTo(straight.AToB));
    }

    [Test]
    public void Bad_input_is_told_in_words()
    {
        Tensor<double> two = Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]);
        Assert.That(() => Retrieval.Evaluate(two), Throws.ArgumentException.With.Message.Contains("a has 2 rows, b has 3"));
        Assert.That(() => Retrieval.Evaluate(two, [1], [1, 2, 3]), Throws.ArgumentException.With.Message.Contains("1 labels for the 2 rows of a"));
        Assert.That(() => Retrieval.Evaluate(two, [1, 2], [1]), Throws.ArgumentException.With.Message.Contains("1 labels for the 3 rows of b"));
        Assert.That(() => Retrieval.Evaluate(two, [1, 2], [3, 4, 5]), Throws.ArgumentException.With.Message.Contains("no label in common"));
        Assert.That(() => Retrieval.Evaluate(Tensor.Create([1.0, double.NaN], [1, 2]), [1], [1, 1]), Throws.ArgumentException.With.Message.Contains("similarities[0, 1] is NaN"));
        Assert.That(() => Retrieval.Evaluate(GramAssert.Tensor<double>(new double[0, 0])), Throws.ArgumentException.With.Message.Contains("no rows"));
        Assert.That(
            () => Retrieval.Evaluate(two, Tensor.Create([1.0, 2], [1, 2]), SimilarityMetric.Cosine), Throws.ArgumentException.With.Message.Contains("a has 3 features, b has 2"));
    }

    private static void Check(RetrievalScores scores, int queries, int candidates, Func<int, int, double> similarity, Func<int, int, bool> isRelevant)
    {
        List<double> precisions = [], ranks = [];
        for (int query = 0; query < queries; query++)
        {
            bool[] order = [.. Enumerable.Range(0, candidates).OrderByDescending(j => similarity(query, j)).ThenBy(j => isRelevant(query, j)).Select(j => isRelevant(query, j))];
            int[] places = [.. Enumerable.Range(0, candidates).Where(place => order[place]).Select(place => place + 1)];
            if (places.Length == 0) continue;
            ranks.Add(places[0]);
            precisions.Add(places.Select((place, k) => (k + 1.0) / place).Average());
        }

        ranks.Sort();
        double median = (ranks[(ranks.Count - 1) / 2] + ranks[ranks.Count / 2]) / 2;
        Assert.That(scores.MeanAveragePrecision, Is.EqualTo(precisions.Average()).Within(1e-14));
        Assert.That((scores.MedianRank, scores.Queries), Is.EqualTo((median, ranks.Count)));
        Assert.That(scores.RecallAt1, Is.EqualTo(ranks.Count(rank => rank <= 1) / (double)ranks.Count));
        Assert.That(scores.RecallAt5, Is.EqualTo(ranks.Count(rank => rank <= 5) / (double)ranks.Count));
        Assert.That(scores.RecallAt10, Is.EqualTo(ranks.Count(rank => rank <= 10) / (double)ranks.Count));
    }
}
