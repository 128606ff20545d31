using System.Numerics.Tensors;
using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Images that ask for texts of their class and texts that ask for images, in spaces of correlation and of classes; the way is chosen on a part of the training rows.</summary>
internal static class RetrievalTask
{
    /// <summary>By name: the similarities of the images to the texts of a part, after learning from another.</summary>
    private static readonly (string Name, Func<WikipediaPairs, WikipediaPairs, Tensor<double>> Similarities)[] s_ways =
    [
        ("correlation", (train, test) => Correlation(train, test, kernel: false)),
        ("kernel correlation", (train, test) => Correlation(train, test, kernel: true)),
        ("classes", (train, test) => Cosines(Classes(train.Images, train.Labels, test.Images, true), Classes(train.Texts, train.Labels, test.Texts, false))),
    ];

    /// <summary>Runs the task.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        WikipediaPairs train = WikipediaPairs.Read(options, "train"), test = WikipediaPairs.Read(options, "test");
        Random random = new(options.Seed);
        int[] order = [.. Enumerable.Range(0, train.Labels.Length)];
        random.Shuffle(order);
        WikipediaPairs known = train.Take(order[(order.Length / 5)..]), held = train.Take(order[..(order.Length / 5)]);
        double[] chosen = [.. s_ways.Select(way => Mean(Retrieval.Evaluate(way.Similarities(known, held), held.Labels, held.Labels)))];
        List<string> figures = [];
        RetrievalResult? best = null;
        for (int way = 0; way < s_ways.Length; way++)
        {
            RetrievalResult found = Retrieval.Evaluate(s_ways[way].Similarities(train, test), test.Labels, test.Labels);
            if (chosen[way] == chosen.Max()) best = found;
            string line = $"{s_ways[way].Name} {found.AToB.MeanAveragePrecision:f3}/{found.BToA.MeanAveragePrecision:f3}/{Mean(found):f3}{(chosen[way] == chosen.Max() ? " (chosen)" : "")}";
            options.Out.WriteLine($"   {line}; on the held-out part {chosen[way]:f3}");
            figures.Add(line);
        }

        Tensor<double> chance = Tensor.Create([.. Enumerable.Range(0, test.Labels.Length * test.Labels.Length).Select(_ => random.NextDouble())], [test.Labels.Length, test.Labels.Length]);
        figures.Add($"random {Mean(Retrieval.Evaluate(chance, test.Labels, test.Labels)):f3}");
        return new(
            "wikipedia, 2173 train / 693 test pairs, mAP image-text / text-image / mean", string.Join("; ", figures), "mean above .229, both directions (.256, .202)",
            Mean(best!) > 0.229 && best!.AToB.MeanAveragePrecision > 0.256 && best.BToA.MeanAveragePrecision > 0.202);
    }

    private static double Mean(RetrievalResult result) => (result.AToB.MeanAveragePrecision + result.BToA.MeanAveragePrecision) / 2;

    private static Tensor<double> Correlation(WikipediaPairs train, WikipediaPairs test, bool kernel)
    {
        if (!kernel)
        {
            CanonicalCorrelation linear = CanonicalCorrelation.Fit(train.Images, train.Texts, new() { Components = 5, Ridge = 1e-4, Scale = false });
            return Cosines(linear.Transform(test.Images, test.Texts));
        }

        (Kernel images, Kernel texts) = (ImageKernel(train.Images), TextKernel(train.Texts));
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(train.Images, images, train.Texts, texts, new() { Components = 5, Regularization = 0.1 });
        return Cosines(model.Transform(test.Images, test.Texts));
    }

    /// <summary>Probabilities of the ten classes by machines of one side alone.</summary>
    private static Tensor<double> Classes(Tensor<double> train, int[] labels, Tensor<double> test, bool isImage)
    {
        Kernel kernel = isImage ? ImageKernel(train) : TextKernel(train);
        KernelSvm machines = KernelSvm.Fit(Gram.Compute(train, kernel), labels, new() { Cost = 1, Probabilities = true });
        return machines.PredictProbabilities(Gram.Compute(test, train, kernel));
    }

    /// <summary>Histograms have a kernel of their own: exp(-gamma chi^2), gamma 1 / the mean of chi^2 (Zhang et al. 2007).</summary>
    private static Kernel ImageKernel(Tensor<double> train) => Kernel.ChiSquared(1 / MeanOf(train, (a, b) => Square(a - b) / Math.Max(a + b, 1e-12)));

    private static Kernel TextKernel(Tensor<double> train) => Kernel.Rbf(1 / MeanOf(train, (a, b) => Square(a - b)));

    private static double Square(double value) => value * value;

    /// <summary>The mean over neighbouring pairs of rows, which are in no order, of a sum over features.</summary>
    private static double MeanOf(Tensor<double> rows, Func<double, double, double> term) =>
        Enumerable.Range(1, (int)rows.Lengths[0] - 1).Average(i => Enumerable.Range(0, (int)rows.Lengths[1]).Sum(k => term(rows[i - 1, k], rows[i, k])));

    private static Tensor<double> Cosines((Tensor<double> A, Tensor<double> B) sides) => Cosines(sides.A, sides.B);

    private static Tensor<double> Cosines(Tensor<double> a, Tensor<double> b) => Gram.Compute(a, b, Kernel.Cosine());
}
