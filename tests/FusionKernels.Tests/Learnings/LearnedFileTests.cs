using System.Numerics.Tensors;
using System.Text;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>Fitted models as files: what is read maps bit for bit as what was written, and what is damaged is refused.</summary>
public sealed class LearnedFileTests
{
    private static readonly string[] s_methods = ["dcca", "contrastive", "adversarial", "translation", "correlational", "split", "variational"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCaseSource(nameof(s_methods))]
    public void ALoadedModelMapsAsTheSavedOne(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 60);
        string path = _folder["m.safetensors"], again = _folder["again.safetensors"];
        (Tensor<float>[] expected, TrainingResult training) = FitAndSave(method, x, y, path);
        (Tensor<float>[] found, TrainingResult read) = Load(method, x, y, path, again);
        Assert.That(found, Is.EqualTo(expected));
        Assert.That((read.BestEpoch, read.Steps), Is.EqualTo((training.BestEpoch, training.Steps)));
        Assert.That((read.TrainingLosses, read.ValidationLosses), Is.EqualTo((training.TrainingLosses, training.ValidationLosses)));
        Assert.That(Load(method, x, y, again, null).Mapped, Is.EqualTo(expected), "a loaded model saves the same");
    }

    [TestCaseSource(nameof(s_methods))]
    public void DamagedFilesAreRefusedOrRead(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        string path = _folder["m.safetensors"], damaged = _folder["d.safetensors"];
        FitAndSave(method, x, y, path);
        byte[] whole = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToUInt64(whole, 0);
        Random random = new(5);
        int refused = 0;
        for (int turn = 0; turn < 150; turn++)
        {
            byte[] bytes = turn % 3 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            if (turn % 3 != 0) bytes[8 + random.Next(header)] = (byte)" 0123456789abcxyz[]{},:\"."[random.Next(25)];
            File.WriteAllBytes(damaged, bytes);
            try
            {
                Load(method, x, y, damaged, null);
            }
            catch (DataFormatException exception)
            {
                Assert.That(exception.Message, Does.Contain("d.safetensors"));
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(50));
    }

    [Test]
    public void WhatDoesNotFitIsRefusedInWords()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        string path = _folder["m.safetensors"];
        FitAndSave("dcca", x, y, path);
        Assert.That(() => ContrastiveAlignment.Load<float>(path), Throws.InstanceOf<DataFormatException>().With.Message.Contain("contrastive-alignment").And.Message.Contain("deep-canonical-correlation"));
        Assert.That(() => DeepCanonicalCorrelation.Load<double>(path), Throws.InstanceOf<DataFormatException>().With.Message.Contain("F64"));
        Assert.That(() => DeepCanonicalCorrelation.Load<float>(_folder["none.safetensors"]), Throws.InstanceOf<FileNotFoundException>());
        Changed("\"version\":\"1\"", "\"version\":\"2\"", "version 1");
        Changed("\"activation\":\"Relu\"", "\"activation\":\"Rely\"", "one of");
        Changed("\"y.1.weight\"", "\"y.9.weight\"", "as many outputs of both");
        Changed("\"x.mean\"", "\"x.meen\"", "x.mean");
        Changed("\"best_epoch\":\"2\"", "\"best_epoch\":\"9\"", "an epoch of 1 to 2");
        new ParameterSet<float>().Save(path);
        Assert.That(() => DeepCanonicalCorrelation.Load<float>(path), Throws.InstanceOf<DataFormatException>().With.Message.Contain("a note 'model'"));

        void Changed(string from, string to, string says)
        {
            byte[] bytes = File.ReadAllBytes(path);
            int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
            Assert.That(at, Is.GreaterThan(0), from);
            Encoding.UTF8.GetBytes(to).CopyTo(bytes, at);
            File.WriteAllBytes(_folder["c.safetensors"], bytes);
            Assert.That(() => DeepCanonicalCorrelation.Load<float>(_folder["c.safetensors"]), Throws.InstanceOf<DataFormatException>().With.Message.Contain(says));
        }
    }

    private static (Tensor<float>[] Mapped, TrainingResult Training) FitAndSave(string method, Tensor<float> x, Tensor<float> y, string path)
    {
        switch (method)
        {
            case "dcca":
            {
                DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(x, y, new() { HiddenX = [7], HiddenY = [5], Activation = Activation.Relu, Components = 2, Reconstruction = 0.1, Epochs = 2, Optimizer = new Sgd { LearningRate = 0.01 } });
                model.Save(path);
                return ([model.TransformX(x), model.TransformY(y)], model.Training);
            }

            case "contrastive":
            {
                ContrastiveModel<float> model = ContrastiveAlignment.Fit(x, y, new() { HiddenX = [7], Components = 3, Loss = ContrastiveLoss.SigLip, Epochs = 2, ValidationShare = 0.2 });
                model.Save(path);
                return ([model.TransformX(x), model.TransformY(y), Tensor.Create([(float)model.Scale])], model.Training);
            }

            case "adversarial":
            {
                AdversarialModel<float> model = AdversarialAlignment.Fit(x, y, new() { HiddenX = [7], HiddenY = [4, 3], Components = 3, Epochs = 2, Labels = [.. Enumerable.Range(0, (int)x.Lengths[0]).Select(i => i % 3)] });
                model.Save(path);
                return ([model.TransformX(x), model.TransformY(y), Tensor.Create([(float)model.DiscriminatorAccuracy(x, y)])], model.Training);
            }

            case "translation":
            {
                TranslationModel<float> model = AdversarialTranslation.Fit(x, y, new() { HiddenX = [7], Epochs = 2 });
                model.Save(path);
                return ([model.TranslateX(x), model.TranslateY(y)], model.Training);
            }

            default:
            {
                AutoencoderModel<float> model = AutoencoderAlignment.Fit(x, y, new() { Mode = Enum.Parse<AutoencoderMode>(method, ignoreCase: true), Components = 3, Hidden = [7], Activation = Activation.Gelu, HasShortcuts = method != "split", Epochs = 2 });
                model.Save(path);
                return ([model.Transform("x", x), model.Reconstruct("y", "x", x)], model.Training);
            }
        }
    }

    private static (Tensor<float>[] Mapped, TrainingResult Training) Load(string method, Tensor<float> x, Tensor<float> y, string path, string? again)
    {
        switch (method)
        {
            case "dcca":
            {
                DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Load<float>(path);
                if (again is not null) model.Save(again);
                return ([model.TransformX(x), model.TransformY(y)], model.Training);
            }

            case "contrastive":
            {
                ContrastiveModel<float> model = ContrastiveAlignment.Load<float>(path);
                if (again is not null) model.Save(again);
                return ([model.TransformX(x), model.TransformY(y), Tensor.Create([(float)model.Scale])], model.Training);
            }

            case "adversarial":
            {
                AdversarialModel<float> model = AdversarialAlignment.Load<float>(path);
                if (again is not null) model.Save(again);
                return ([model.TransformX(x), model.TransformY(y), Tensor.Create([(float)model.DiscriminatorAccuracy(x, y)])], model.Training);
            }

            case "translation":
            {
                TranslationModel<float> model = AdversarialTranslation.Load<float>(path);
                if (again is not null) model.Save(again);
                return ([model.TranslateX(x), model.TranslateY(y)], model.Training);
            }

            default:
            {
                AutoencoderModel<float> model = AutoencoderAlignment.Load<float>(path);
                if (again is not null) model.Save(again);
                return ([model.Transform(model.Names[0], x), model.Reconstruct(model.Names[1], model.Names[0], x)], model.Training);
            }
        }
    }
}
