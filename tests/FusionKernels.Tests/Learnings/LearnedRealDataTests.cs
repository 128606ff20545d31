using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>What learned alignment reaches on real data, beside what linear maps reach by the same protocol.</summary>
[Category("Slow")]
public sealed class LearnedRealDataTests
{
    private const int Components = 10;

    /// <summary>Every fifth digit is held out; total correlation of ten components over them. Linear CCA may choose its ridge on the held-out rows, the network may not.</summary>
    [Test]
    public void Mfeat_fac_fou_correlate_more_behind_networks_than_by_linear_cca()
    {
        (Tensor<float> trainX, Tensor<float> testX) = Split(Digits("fac"));
        (Tensor<float> trainY, Tensor<float> testY) = Split(Digits("fou"));
        double linear = 0;
        foreach (double ridge in (double[])[0, 0.01, 0.03, 0.1, 0.3, 1])
        {
            (Tensor<float> u, Tensor<float> v) = CanonicalCorrelation.Fit(trainX, trainY, new() { Components = Components, Ridge = ridge }).Transform(testX, testY);
            linear = Math.Max(linear, Enumerable.Range(0, Components).Sum(j => Correlation(u, v, j)));
        }

        List<double> deep = [];
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(trainX, trainY, new()
            {
                HiddenX = [256],
                HiddenY = [256],
                Activation = Activation.Relu,
                Dropout = 0.2,
                Components = Components,
                BatchSize = 400,
                Ridge = 1e-3,
                Epochs = 150,
                ValidationShare = 0.15,
                Patience = 30,
                Optimizer = new AdamW { LearningRate = 1e-3, WeightDecay = 0.1 },
                Seed = seed,
            });
            deep.Add(model.Evaluate(testX, testY).Sum());
        }

        TestContext.Out.WriteLine($"linear {linear:f3}, deep {string.Join(", ", deep.Select(total => total.ToString("f3", System.Globalization.CultureInfo.InvariantCulture)))}");
        Assert.That(deep.Min(), Is.GreaterThan(linear));
    }

    /// <summary>The data's own split; the class of each pair teaches, and the epoch is chosen on a fifth of the training pairs.</summary>
    [Test]
    public void Wikipedia_pairs_are_found_better_than_by_linear_cca()
    {
        const double LinearCca = 0.229;
        (Tensor<float> x, Tensor<float> y) = (Wikipedia("image_train"), Wikipedia("text_train"));
        (Tensor<float> newX, Tensor<float> newY) = (Wikipedia("image_test"), Wikipedia("text_test"));
        (int[] labels, int[] newLabels) = (WikipediaLabels("labels_train"), WikipediaLabels("labels_test"));
        List<double> reached = [];
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            ContrastiveModel<float> model = ContrastiveAlignment.Fit(x, y, new()
            {
                HiddenX = [128],
                HiddenY = [64],
                Activation = Activation.Relu,
                Dropout = 0.3,
                Components = 32,
                Labels = labels,
                BatchSize = 256,
                Epochs = 80,
                ValidationShare = 0.2,
                Patience = 15,
                Scale = 5,
                Optimizer = new AdamW { LearningRate = 1e-3, WeightDecay = 0.1 },
                Seed = seed,
            });
            RetrievalResult found = model.Evaluate(newX, newY, newLabels, newLabels);
            reached.Add((found.AToB.MeanAveragePrecision + found.BToA.MeanAveragePrecision) / 2);
        }

        TestContext.Out.WriteLine($"mean average precision {string.Join(", ", reached.Select(mean => mean.ToString("f3", System.Globalization.CultureInfo.InvariantCulture)))}");
        Assert.That(reached.Min(), Is.GreaterThan(LinearCca));
    }

    private static double Correlation(Tensor<float> u, Tensor<float> v, int column) =>
        MathNet.Numerics.Statistics.Correlation.Pearson(Column(u, column), Column(v, column));

    private static double[] Column(Tensor<float> rows, int column) => [.. Enumerable.Range(0, (int)rows.Lengths[0]).Select(i => (double)rows[i, column])];

    private static (Tensor<float> Train, Tensor<float> Test) Split(Tensor<float> rows)
    {
        int count = (int)rows.Lengths[0];
        return (Take(rows, [.. Enumerable.Range(0, count).Where(i => i % 5 != 4)]), Take(rows, [.. Enumerable.Range(0, count).Where(i => i % 5 == 4)]));
    }

    private static Tensor<float> Take(Tensor<float> rows, int[] chosen)
    {
        int width = (int)rows.Lengths[1];
        float[] taken = new float[chosen.Length * width];
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int j = 0; j < width; j++) taken[(i * width) + j] = rows[chosen[i], j];
        }

        return Tensor.Create(taken, [chosen.Length, width]);
    }

    /// <summary>A view of the digits without the label in its last column.</summary>
    private static Tensor<float> Digits(string view)
    {
        CsvTable table = SharedData.Handwriting(view);
        return table.Without(table.ColumnCount - 1).ToTensor<float>();
    }

    private static Tensor<float> Wikipedia(string name) =>
        Csv.Read(SharedData.Require($"wikipedia/{name}.csv"), new CsvReadOptions { Header = CsvHeader.Absent }).ToTensor<float>();

    private static int[] WikipediaLabels(string name)
    {
        Tensor<float> column = Wikipedia(name);
        return [.. Enumerable.Range(0, (int)column.Lengths[0]).Select(i => (int)column[i, 0])];
    }
}
