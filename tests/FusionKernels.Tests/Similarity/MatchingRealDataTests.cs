using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>Retrieval and matching behind canonical correlation on real pairs, against published figures.</summary>
[TestFixture]
[Parallelizable]
public sealed class MatchingRealDataTests
{
    [Test]
    public void Wikipedia_is_retrieved_as_published()
    {
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(Read("image_train"), Read("text_train"), new() { Components = 5 });
        (Tensor<double> images, Tensor<double> texts) = cca.Transform(Read("image_test"), Read("text_test"));
        int[] labels = [.. Csv.Read(SharedData.Require("wikipedia/labels_test.csv")).ToLabels(0).Indices];
        RetrievalResult result = Retrieval.Evaluate(images, texts, SimilarityMetric.Cosine, labels, labels);
        Assert.That(result.AToB.MeanAveragePrecision, Is.EqualTo(0.245).Within(0.01));
        Assert.That(result.BToA.MeanAveragePrecision, Is.EqualTo(0.193).Within(0.01));

        // Scores that know nothing: the figure published for random ranking.
        Random random = new(1);
        double[] noise = [.. Enumerable.Range(0, labels.Length * labels.Length).Select(_ => random.NextDouble())];
        RetrievalResult chance = Retrieval.Evaluate(Tensor.Create(noise, [labels.Length, labels.Length]), labels, labels);
        Assert.That(chance.AToB.MeanAveragePrecision, Is.EqualTo(0.118).Within(0.005));

        static Tensor<double> Read(string name) => Csv.Read(SharedData.Require($"wikipedia/{name}.csv")).ToTensor<double>();
    }

    /// <summary>Every fifth digit is held out. A view of the same pixels recovers all rows; unlike views still beat the chance of a quarter per cent by far.</summary>
    [TestCase("pix", "kar", 0.99, 1.0)]
    [TestCase("fou", "zer", 0.05, 0.15)]
    [TestCase("fac", "fou", 0.08, 0.22)]
    public void Held_out_digits_are_matched_across_views(string first, string second, double least, double most)
    {
        (Tensor<double> trainA, Tensor<double> testA) = Split(first);
        (Tensor<double> trainB, Tensor<double> testB) = Split(second);
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(trainA, trainB, new() { Components = 20, Ridge = 0.1 });
        (Tensor<double> a, Tensor<double> b) = cca.Transform(testA, testB);
        AssignmentResult matched = Assignment.Solve(SimilarityMatrix.Compute(a, b, SimilarityMetric.Cosine), new() { Maximize = true });
        Assert.That(matched.Pairs.Count(pair => pair.Row == pair.Column) / 400.0, Is.InRange(least, most));
    }

    private static (Tensor<double> Train, Tensor<double> Test) Split(string view)
    {
        CsvTable table = SharedData.Handwriting(view);
        Tensor<double> all = table.Without(table.ColumnCount - 1).ToTensor<double>();
        int features = (int)all.Lengths[1];
        double[] values = new double[all.FlattenedLength];
        all.FlattenTo(values);
        double[][] rows = [.. values.Chunk(features)];
        return (Of(rows.Where((_, i) => i % 5 != 0)), Of(rows.Where((_, i) => i % 5 == 0)));

        Tensor<double> Of(IEnumerable<double[]> chosen)
        {
            double[] elements = [.. chosen.SelectMany(row => row)];
            return Tensor.Create(elements, [elements.Length / features, features]);
        }
    }
}
