using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>What every learned method owes on every engine: each parameter moves, and losses agree.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class LearnedMethodTests(TestEngine engine)
{
    private const int Rows = 40;

    /// <summary>The names of all methods and their forms.</summary>
    internal static readonly string[] Methods =
        ["dcca", "contrastive", "siglip", "adversarial", "translation", "correlational", "split", "variational", "graph-convolution", "graph-attention", "graph-heterogeneous", "attention", "matching", "latents"];

    private static readonly int[] s_labels = [.. Enumerable.Range(0, Rows).Select(i => i % 3)];

    /// <summary>One step at a rate of next to nothing and one at a real one, of three quarters of the rows, so that links of the others stay in graphs. The bias of keys is added to all scores of a softmax alike: nothing can move it but rounding.</summary>
    [TestCaseSource(nameof(Methods))]
    public void EveryParameterMovesInOneStep(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, Rows);
        TrainingOptions once = new() { Epochs = 1, BatchSize = 30, DropsLast = true, Device = engine.Device };
        (ParameterSet<float> before, ParameterSet<float> after) = (Fit(method, x, y, once, new Sgd { LearningRate = 1e-12 }).Parameters, Fit(method, x, y, once, new Sgd { LearningRate = 0.1 }).Parameters);
        foreach (Parameter<float> parameter in after.All)
        {
            bool isOfKeys = parameter.Name.Contains("key", StringComparison.Ordinal) && parameter.Name.EndsWith("bias", StringComparison.Ordinal);
            bool isUnused = method == "split" && parameter.Name.StartsWith("encoder.1.", StringComparison.Ordinal);
            if (!isOfKeys && !isUnused) Assert.That(GradientCheck.Flat(parameter.Read()), Is.Not.EqualTo(GradientCheck.Flat(before[parameter.Name].Read())), parameter.Name);
        }
    }

    /// <summary>A hundred steps of full batches, so that one loss is told for each.</summary>
    [TestCaseSource(nameof(Methods))]
    public void LossesAgreeWithTheHostOverAHundredSteps(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, Rows);
        using ComputeDevice host = ComputeDevice.Open("host");
        IReadOnlyList<double> found = Losses(engine.Device), expected = Losses(host);
        Assert.That(found, Has.Count.EqualTo(100));
        for (int step = 0; step < found.Count; step++) Assert.That(found[step], Is.EqualTo(expected[step]).Within(Tolerances.LossAfterAHundredSteps * Math.Max(1, Math.Abs(expected[step]))), $"step {step + 1}");

        IReadOnlyList<double> Losses(ComputeDevice device) => Fit(method, x, y, new() { Epochs = 100, BatchSize = Rows, Device = device }, new Adam { LearningRate = 1e-3 }).Training.TrainingLosses;
    }

    [Test]
    public void ABatchOfOneIsNoCovariance()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, Rows);
        foreach (double keep in (double[])[0, 0.9])
        {
            Assert.That(
                () => DeepCanonicalCorrelation.Fit(x, y, new() { Components = 1, BatchSize = 1, Keep = keep, Epochs = 1, Device = engine.Device }),
                Throws.ArgumentException.With.Message.Contain("a batch of 1 rows"),
                $"{keep}");
        }
    }

    /// <summary>Fits a method by its name.</summary>
    internal static (ParameterSet<float> Parameters, TrainingResult Training) Fit(string method, Tensor<float> x, Tensor<float> y, TrainingOptions training, OptimizerRule rule, int[]? labels = null)
    {
        labels ??= s_labels;
        switch (method)
        {
            case "dcca":
                DeepCanonicalCorrelationModel<float> deep = DeepCanonicalCorrelation.Fit(x, y, With(new DeepCanonicalCorrelationOptions { HiddenX = [5], HiddenY = [4], Components = 2, Reconstruction = 0.1, Ridge = 1e-2, Optimizer = rule }));
                return (deep.Parameters, deep.Training);
            case "translation":
                TranslationModel<float> translation = AdversarialTranslation.Fit(x, y, With(new TranslationOptions { HiddenX = [5], HiddenY = [4], CycleWeight = 1, Optimizer = rule }));
                return (translation.Parameters, translation.Training);
            case "correlational" or "split" or "variational":
                AutoencoderModel<float> autoencoder = AutoencoderAlignment.Fit(x, y, With(new AutoencoderOptions { Mode = Enum.Parse<AutoencoderMode>(method, ignoreCase: true), Components = 3, Hidden = [7], Optimizer = rule }));
                return (autoencoder.Parameters, autoencoder.Training);
        }

        CommonSpaceModel<float> model = method switch
        {
            "contrastive" => ContrastiveAlignment.Fit(x, y, With(new ContrastiveOptions { HiddenX = [5], Components = 3, Labels = labels, Optimizer = rule })),
            "siglip" => ContrastiveAlignment.Fit(x, y, With(new ContrastiveOptions { Loss = ContrastiveLoss.SigLip, Components = 3, Labels = labels, Optimizer = rule })),
            "adversarial" => AdversarialAlignment.Fit(x, y, With(new AdversarialOptions { HiddenX = [5], Components = 3, Labels = labels, Optimizer = rule })),
            "attention" => CrossModalAlignment.Fit(x, y, With(new CrossModalOptions { Width = 8, Hidden = 7, Heads = 2, Tokens = 3, Dropout = 0, Labels = labels, Optimizer = rule })),
            "matching" => CrossModalAlignment.Fit(x, y, With(new CrossModalOptions { Width = 8, Hidden = 7, Heads = 2, Tokens = 3, Dropout = 0, Optimizer = rule })),
            "latents" => CrossModalAlignment.Fit(x, y, With(new CrossModalOptions { Width = 8, Hidden = 7, Heads = 2, Latents = 2, Dropout = 0, Labels = labels, Optimizer = rule })),
            _ => GraphAlignment.Fit(x, y, With(new GraphAlignmentOptions { Encoder = Enum.Parse<GraphEncoder>(method["graph-".Length..], ignoreCase: true), Width = 8, Heads = 2, Layers = 2, Components = 3, Neighbours = 3, Optimizer = rule })),
        };
        return (model.Parameters, model.Training);

        TOptions With<TOptions>(TOptions options)
            where TOptions : TrainingOptions => options with { Epochs = training.Epochs, BatchSize = training.BatchSize, DropsLast = training.DropsLast, Device = training.Device };
    }
}
