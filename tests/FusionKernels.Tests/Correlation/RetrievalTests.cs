using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Images and texts of Wikipedia in one space: the mean average precision of retrieval across views.</summary>
[Parallelizable]
public sealed class RetrievalTests
{
    /// <summary>Five components, cosine, as the data's own page states it; a ridge counts in the units of the columns.</summary>
    [Test]
    public void Wikipedia_is_found_again_at_the_reference_figures([Values(0, 1e-4)] double ridge)
    {
        CanonicalCorrelation model = CanonicalCorrelation.Fit(Read("image_train"), Read("text_train"), new() { Components = 5, Ridge = ridge, Scale = false });
        (Tensor<double> u, Tensor<double> v) = model.Transform(Read("image_test"), Read("text_test"));
        double[] labels = CorrelationData.Column(Read("labels_test"), 0);
        (double imageToText, double textToImage) = ridge == 0 ? (0.245, 0.193) : (0.256, 0.202);
        Assert.That(MeanAveragePrecision(u, v, labels), Is.EqualTo(imageToText).Within(0.01));
        Assert.That(MeanAveragePrecision(v, u, labels), Is.EqualTo(textToImage).Within(0.01));
    }

    private static double MeanAveragePrecision(Tensor<double> queries, Tensor<double> gallery, double[] labels)
    {
        double[][] left = Units(queries), right = Units(gallery);
        double sum = 0;
        for (int query = 0; query < left.Length; query++)
        {
            int[] ranking = [.. Enumerable.Range(0, right.Length).OrderByDescending(i => TensorPrimitives.Dot<double>(left[query], right[i]))];
            double precision = 0;
            int found = 0;
            for (int place = 0; place < ranking.Length; place++)
            {
                if (labels[ranking[place]] != labels[query]) continue;
                found++;
                precision += (double)found / (place + 1);
            }

            sum += precision / found;
        }

        return sum / left.Length;
    }

    private static double[][] Units(Tensor<double> rows) => [.. Enumerable.Range(0, (int)rows.Lengths[0]).Select(i =>
    {
        double[] row = [.. Enumerable.Range(0, (int)rows.Lengths[1]).Select(k => rows[i, k])];
        double norm = TensorPrimitives.Norm<double>(row);
        return Array.ConvertAll(row, value => value / norm);
    })];

    private static Tensor<double> Read(string name) =>
        Csv.Read(SharedData.Require($"wikipedia/{name}.csv"), new CsvReadOptions { Header = CsvHeader.Absent }).ToTensor<double>();
}
