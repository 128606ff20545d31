using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>Fitted models as files: what is read maps bit for bit as what was written, and what is damaged is refused.</summary>
public sealed class LearnedFileTests
{
    private static readonly string[] s_methods = ["dcca", "contrastive", "adversarial", "translation", "correlational", "split", "variational", "graph-convolution", "graph-attention", "graph-heterogeneous", "attention", "latents"];

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
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(2, 25);
        Fitted fitted = Fit(method, x, y);
        fitted.Save(path);
        Fitted loaded = Load(method, path);
        Tensor<float>[] expected = fitted.Map(newX, newY);
        Assert.That(loaded.Map(newX, newY), Is.EqualTo(expected));
        Assert.That((loaded.Training.BestEpoch, loaded.Training.Steps), Is.EqualTo((fitted.Training.BestEpoch, fitted.Training.Steps)));
        Assert.That((loaded.Training.TrainingLosses, loaded.Training.ValidationLosses), Is.EqualTo((fitted.Training.TrainingLosses, fitted.Training.ValidationLosses)));
        loaded.Save(again);
        Assert.That(File.ReadAllBytes(again), Is.EqualTo(File.ReadAllBytes(path)), "a loaded model saves the same");
    }

    [TestCaseSource(nameof(s_methods))]
    public void DamagedFilesAreRefusedOrRead(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        string path = _folder["m.safetensors"], damaged = _folder["d.safetensors"];
        Fit(method, x, y).Save(path);
        byte[] whole = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToUInt64(whole, 0);
        Random random = new(5);
        int refused = 0;
        for (int turn = 0; turn < 60; turn++)
        {
            byte[] bytes = turn % 3 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            if (turn % 3 != 0) bytes[8 + random.Next(header)] = (byte)" 0123456789abcxyz[]{},:\"."[random.Next(25)];
            File.WriteAllBytes(damaged, bytes);
            try
            {
                Load(method, damaged).Map(x, y);
            }
            catch (DataFormatException exception)
            {
                Assert.That(exception.Message, Does.Contain("d.safetensors"));
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(20));
    }

    [Test]
    public void WhatDoesNotFitIsRefusedInWords()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        string path = _folder["m.safetensors"];
        Fit("dcca", x, y).Save(path);
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

    [Test]
    public void SeriesAndThreeViewsComeBack()
    {
        string path = _folder["m.safetensors"];
        (Views motions, Views other) = (Series(1), Series(2));
        CrossModalModel<double> model = CrossModalAlignment.Fit<double>(motions, new() { Width = 8, Hidden = 8, Heads = 2, Patch = 3, Epochs = 2 });
        model.Save(path);
        CrossModalModel<double> loaded = CrossModalAlignment.Load<double>(path);
        Assert.That((loaded.Views, loaded.Classes), Is.EqualTo((model.Views, model.Classes)));
        Assert.That(loaded.PredictProbabilities(other), Is.EqualTo(model.PredictProbabilities(other)));
        Assert.That(loaded.Attention(other.Select("a", "c")), Is.EqualTo(model.Attention(other.Select("a", "c"))));
        Assert.That(() => loaded.Transform("b", View.Vectors(LearnedData.Pair(1, 4).Y)), Throws.ArgumentException.With.Message.Contain("Sequences"));

        Views three = LearnedData.Three(1, 40).WithMissing(0.2, 3);
        GraphAlignmentModel<double> graph = GraphAlignment.Fit<double>(three, options: new() { Width = 8, Heads = 2, Neighbours = 0, Epochs = 2 });
        graph.Save(path);
        foreach (string name in three.Names) Assert.That(GraphAlignment.Load<double>(path).Nodes(name), Is.EqualTo(graph.Nodes(name)));

        static Views Series(int seed)
        {
            Random random = new(seed);
            int[] labels = [.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? -3 : 40)];
            return Views.Of(("a", View.Sequences(Some(2))), ("b", View.Sequences(Some(1))), ("c", View.Vectors(LearnedData.Pair(seed, 12).X))).WithLabels(labels);

            Tensor<float>[] Some(int channels) => [.. labels.Select(_ => 5 + random.Next(9)).Select(steps => Tensor.Create([.. Enumerable.Range(0, steps * channels).Select(_ => (float)random.NextDouble())], [steps, channels]))];
        }
    }

    [Test]
    public void HostileFilesOfGraphsAndAttentionAreRefusedInWords()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        string path = _folder["m.safetensors"];
        Fit("graph-attention", x, y).Save(path);
        Assert.That(() => CrossModalAlignment.Load<float>(path), Throws.InstanceOf<DataFormatException>().With.Message.Contain("cross-modal-alignment").And.Message.Contain("graph-alignment"));
        Assert.That(() => GraphAlignment.Load<double>(path), Throws.InstanceOf<DataFormatException>().With.Message.Contain("F64"));
        Refuses(GraphAlignment.Load<float>, "\"layers\":\"2\"", "\"layers\":\"9\"", "layer2.");
        Refuses(GraphAlignment.Load<float>, "\"heads\":\"2\"", "\"heads\":\"3\"", "cannot be shared by 3");
        Refuses(GraphAlignment.Load<float>, "\"encoder\":\"Attention\"", "\"encoder\":\"Attenshun\"", "one of Convolution");
        Refuses(GraphAlignment.Load<float>, "matern(nu=2.5", "matern(nu=2.4", "nu must be 0.5, 1.5 or 2.5");
        Refuses(GraphAlignment.Load<float>, "\"kind.1\":\"Vectors\"", "\"kind.1\":\"Vectorz\"", "kind.1");
        Refuses(GraphAlignment.Load<float>, "\"views\":\"[", "\"views\":\"(", "views");
        Refuses(GraphAlignment.Load<float>, "\"edges.0.starts\"", "\"edges.9.starts\"", "edges.0.starts");
        foreach ((string tensor, int value) in new[] { ("edges.0.columns", 30), ("edges.0.columns", -1), ("edges.1.starts", 1), ("nodes.present", 0x01010107) })
        {
            File.WriteAllBytes(_folder["c.safetensors"], WithElement(File.ReadAllBytes(path), tensor, value));
            Assert.That(() => GraphAlignment.Load<float>(_folder["c.safetensors"]), Throws.InstanceOf<DataFormatException>(), $"{tensor} {value}");
        }

        GraphAlignmentModel<float> given = GraphAlignment.Fit(x, y, new() { Width = 8, Heads = 2, Epochs = 1, Neighbours = 3, Kernels = [Kernel.Precomputed(Tensor.Create(new float[900], [30, 30])), null] });
        Assert.That(() => given.Save(_folder["given.safetensors"]), Throws.InstanceOf<NotSupportedException>().With.Message.Contain("precomputed"));
        Assert.That(File.Exists(_folder["given.safetensors"]), Is.False);

        Fit("attention", x, y).Save(path);
        Refuses(CrossModalAlignment.Load<float>, "\"tokens\":\"3\"", "\"tokens\":\"4\"", "32 x 7");
        Refuses(CrossModalAlignment.Load<float>, "\"width\":\"8\"", "\"width\":\"0\"", "Width");
        Refuses(CrossModalAlignment.Load<float>, "\"latents\":\"0\"", "\"latents\":\"9\"", "rule.");
        Refuses(CrossModalAlignment.Load<float>, "\"classes\":\"0 1 2\"", "\"classes\":\"0 2 1\"", "ascending");
        Refuses(CrossModalAlignment.Load<float>, "\"classes\":\"0 1 2\"", "\"classes\":\"0   2\"", "head.1.weight");
        Refuses(CrossModalAlignment.Load<float>, "\"kind.0\":\"Vectors\"", "\"kind.0\":\"Grammar\"", "kind.0");

        void Refuses<TModel>(Func<string, ExecutionOptions?, TModel> load, string from, string to, string says)
        {
            byte[] bytes = File.ReadAllBytes(path);
            int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
            Assert.That(at, Is.GreaterThan(0), from);
            Encoding.UTF8.GetBytes(to).CopyTo(bytes, at);
            File.WriteAllBytes(_folder["c.safetensors"], bytes);
            Assert.That(() => load(_folder["c.safetensors"], null), Throws.InstanceOf<DataFormatException>().With.Message.Contain(says));
        }
    }

    /// <summary>A file whose tensor begins with another number.</summary>
    private static byte[] WithElement(byte[] file, string tensor, int value)
    {
        int header = (int)BitConverter.ToUInt64(file, 0);
        using JsonDocument json = JsonDocument.Parse(file.AsMemory(8, header));
        BitConverter.TryWriteBytes(file.AsSpan(8 + header + json.RootElement.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32()), value);
        return file;
    }

    /// <summary>A fitted or loaded model, whatever the method.</summary>
    private sealed record Fitted(TrainingResult Training, Action<string> Save, Func<Tensor<float>, Tensor<float>, Tensor<float>[]> Map)
    {
        public static Fitted Of(CommonSpaceModel<float> model, Func<Tensor<float>, Tensor<float>, Tensor<float>>? more = null) =>
            new(model.Training, model.Save, (x, y) => [model.TransformX(x), model.TransformY(y), .. more is null ? [] : new[] { more(x, y) }]);

        public static Fitted Of(ContrastiveModel<float> model) => Of(model, (_, _) => Tensor.Create([(float)model.Scale]));

        public static Fitted Of(AdversarialModel<float> model) => Of(model, (x, y) => Tensor.Create([(float)model.DiscriminatorAccuracy(x, y)]));

        public static Fitted Of(GraphAlignmentModel<float> model) => Of(model, (_, _) => model.Nodes(model.Views[1]));

        public static Fitted Of(CrossModalModel<float> model) => Of(model, (x, y) =>
        {
            Views rows = Views.Of((model.Views[0], x), (model.Views[1], y));
            return Tensor.Create([.. model.PredictProbabilities(rows).Concat(model.Attention(rows)).Select(value => (float)value)]);
        });

        public static Fitted Of(DeepCanonicalCorrelationModel<float> model) =>
            new(model.Training, model.Save, (x, y) => [model.TransformX(x), model.TransformY(y), Tensor.Create([.. model.Correlations.Select(one => (float)one)])]);

        public static Fitted Of(TranslationModel<float> model) => new(model.Training, model.Save, (x, y) => [model.TranslateX(x), model.TranslateY(y)]);

        public static Fitted Of(AutoencoderModel<float> model) =>
            new(model.Training, model.Save, (x, _) => [model.Transform(model.Names[0], x), model.Reconstruct(model.Names[1], model.Names[0], x)]);
    }

    private static Fitted Fit(string method, Tensor<float> x, Tensor<float> y)
    {
        int[] labels = [.. Enumerable.Range(0, (int)x.Lengths[0]).Select(i => i % 3)];
        return method switch
        {
            "dcca" => Fitted.Of(DeepCanonicalCorrelation.Fit(x, y, new() { HiddenX = [7], HiddenY = [5], Activation = Activation.Relu, Components = 2, Reconstruction = 0.1, Epochs = 2, Optimizer = new Sgd { LearningRate = 0.01 } })),
            "contrastive" => Fitted.Of(ContrastiveAlignment.Fit(x, y, new() { HiddenX = [7], Components = 3, Loss = ContrastiveLoss.SigLip, Epochs = 2, ValidationShare = 0.2 })),
            "adversarial" => Fitted.Of(AdversarialAlignment.Fit(x, y, new() { HiddenX = [7], HiddenY = [4, 3], Components = 3, Epochs = 2, Labels = labels })),
            "translation" => Fitted.Of(AdversarialTranslation.Fit(x, y, new() { HiddenX = [7], Epochs = 2 })),
            "graph-convolution" or "graph-attention" or "graph-heterogeneous" => Fitted.Of(GraphAlignment.Fit(x, y, Graph(Enum.Parse<GraphEncoder>(method["graph-".Length..], ignoreCase: true), (int)x.Lengths[0]))),
            "attention" => Fitted.Of(CrossModalAlignment.Fit(x, y, new() { Width = 8, Hidden = 7, Heads = 2, Tokens = 3, Epochs = 2, Labels = labels })),
            "latents" => Fitted.Of(CrossModalAlignment.Fit(x, y, new() { Width = 8, Hidden = 7, Heads = 2, Latents = 2, Layers = 2, Epochs = 2 })),
            _ => Fitted.Of(AutoencoderAlignment.Fit(x, y, new() { Mode = Enum.Parse<AutoencoderMode>(method, ignoreCase: true), Components = 3, Hidden = [7], Activation = Activation.Gelu, HasShortcuts = method != "split", Epochs = 2 })),
        };
    }

    private static Fitted Load(string method, string path) => method switch
    {
        "dcca" => Fitted.Of(DeepCanonicalCorrelation.Load<float>(path)),
        "contrastive" => Fitted.Of(ContrastiveAlignment.Load<float>(path)),
        "adversarial" => Fitted.Of(AdversarialAlignment.Load<float>(path)),
        "translation" => Fitted.Of(AdversarialTranslation.Load<float>(path)),
        "graph-convolution" or "graph-attention" or "graph-heterogeneous" => Fitted.Of(GraphAlignment.Load<float>(path)),
        "attention" or "latents" => Fitted.Of(CrossModalAlignment.Load<float>(path)),
        _ => Fitted.Of(AutoencoderAlignment.Load<float>(path)),
    };

    /// <summary>A graph with kernels that are sums and products, and a row of the second view that is absent.</summary>
    private static GraphAlignmentOptions Graph(GraphEncoder encoder, int rows) => new()
    {
        Encoder = encoder,
        Width = 8,
        Heads = 2,
        Layers = 2,
        Components = 3,
        Neighbours = 4,
        BatchSize = 20,
        Epochs = 2,
        Kernels = [(0.5 * Kernel.Rbf(0.1)) + (Kernel.Linear() + (Kernel.Matern(2.5, 3) * Kernel.Polynomial(degree: 2)).On(1..^1)), null],
        Presence = Tensor.Create([.. Enumerable.Range(0, 2 * rows).Select(at => at != 7)], [rows, 2]),
    };
}
