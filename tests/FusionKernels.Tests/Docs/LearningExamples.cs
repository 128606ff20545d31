using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/learning.md.</summary>
[TestFixture]
internal sealed class LearningExamples : ExampleFixture
{
    [Test]
    public void TrainingANetwork()
    {
        ParameterSet<float> parameters = new(seed: 1);
        DenseLayers<float> net = new(parameters, [24, 16, 2], Activation.Relu, dropout: 0.1);
        BatchLoss<float> loss = (tape, rows) =>
        {
            int[] classes = new int[rows.Length];
            for (int i = 0; i < classes.Length; i++) classes[i] = labels[rows[i]];
            return Loss.CrossEntropy(net.Forward(tape.Rows(x, rows)), classes);
        };
        TrainingResult result = Trainer.Fit(parameters, new AdamW { LearningRate = 0.01, ClipNorm = 1 }, 60, loss, new()
        {
            Epochs = 30,
            BatchSize = 20,
            ValidationShare = 0.2,
            Patience = 5,                                        // the weights of the best epoch are kept
        });
        parameters.Save("net.safetensors");
        File.WriteAllText("curves.svg", result.ToSvg());

        Assert.That(result.BestLoss, Is.LessThan(0.6));
        Assert.That(File.Exists("net.safetensors"));
    }

    [Test]
    public void ComposingALoss()
    {
        ParameterSet<double> parameters = new(seed: 1);
        Parameter<double> weight = parameters.Add("weight", Initializer.Glorot, 3, 5);
        Optimizer<double> optimizer = new(parameters, new Sgd { LearningRate = 0.1 });
        using Tape<double> tape = new();
        Tensor<double> target = Tensor.Create<double>([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
        double last = 0;
        for (int step = 0; step < 200; step++)
        {
            tape.Clear();                                        // the memory of the last step is used again
            Var<double> w = tape.Of(weight);
            Var<double> gram = w.MatMul(w, transposeOther: true);
            Var<double> loss = (gram - tape.Constant(target)).Square().Sum() + (1e-4 * w.Abs().Sum());
            tape.Backward(loss);
            optimizer.Step(tape);
            last = loss.ToScalar();
        }

        Assert.That(last, Is.LessThan(0.01));
    }

    [Test]
    public void CorrelatingBehindNetworks()
    {
        DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(images, texts, new()
        {
            HiddenX = [16],
            HiddenY = [16],
            Components = 2,
            Epochs = 50,
        });
        (Tensor<float> variatesX, Tensor<float> variatesY) = model.Transform(moreImages, moreTexts);
        IReadOnlyList<double> held = model.Evaluate(moreImages, moreTexts);

        Assert.That(variatesX.Lengths.ToArray(), Is.EqualTo(variatesY.Lengths.ToArray()));
        Assert.That(model.Correlations[0], Is.GreaterThan(0.7));
        Assert.That(held, Has.Count.EqualTo(2));
    }

    [Test]
    public void AligningTwoTowers()
    {
        ContrastiveModel<float> towers = ContrastiveAlignment.Fit(images, texts, new()
        {
            Components = 8,
            BatchSize = 30,
            Optimizer = new Adam { LearningRate = 0.01 },
        });
        RetrievalResult found = towers.Evaluate(moreImages, moreTexts);
        Console.WriteLine($"images find their texts with a mean average precision of {found.AToB.MeanAveragePrecision:f2}, scale {towers.Scale:f1}");

        Assert.That(towers.Scale, Is.InRange(1, 100));
    }

    [Test]
    public void LinkingModalities()
    {
        GraphAlignmentModel<float> graph = GraphAlignment.Fit(images, texts, new GraphAlignmentOptions { Encoder = GraphEncoder.Heterogeneous, Neighbours = 5 });
        RetrievalResult links = graph.Evaluate(moreImages, moreTexts);
        Console.WriteLine($"{links.AToB.RecallAt1:p0} of new images are linked to their texts");

        Assert.That(graph.Nodes("x").Lengths.ToArray(), Is.EqualTo(new nint[] { 60, 32 }));
    }

    [Test]
    public void LookingAcross()
    {
        CrossModalModel<float> model = CrossModalAlignment.Fit(images, texts, new CrossModalOptions { Labels = labels, Epochs = 10 });
        Views rows = Views.Of(("x", moreImages), ("y", moreTexts));
        int[] classes = model.Predict(rows);
        Tensor<double> attention = model.Attention(rows);                     // 20 x 8 x 8: four tokens of each view

        Assert.That(classes, Has.Length.EqualTo(20));
        Assert.That(attention.Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 8, 8 }));
    }
}
