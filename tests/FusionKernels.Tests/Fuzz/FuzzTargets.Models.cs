using System.Numerics.Tensors;
using FusionKernels.Tests.Correlation;
using FusionKernels.Tests.Fusion;
using FusionKernels.Tests.Learnings;

namespace FusionKernels.Tests.Fuzz;

/// <content>Readers of files that this library wrote: models, checkpoints, results, unfinished matrices.</content>
internal static partial class FuzzTargets
{
    private static readonly Lazy<(Tensor<float> X, Tensor<float> Y)> s_pair = new(() => LearnedData.Pair(1, 12));

    private static readonly TrainingOptions s_training = new() { Epochs = 2, BatchSize = 6 };

    private static IEnumerable<FuzzTarget> Paths()
    {
        yield return new("npy-rows", () => [Made(path => Npy.Write(path, Tensor.Create(new float[12], [4, 3])))], (_, path) =>
        {
            using NpyRowReader<float> reader = new(path);
            if (reader.Rows > 0 && reader.Columns is > 0 and < 1000) reader.Read(0, Math.Min(reader.Rows, 4));
        }, 64, NeedsFile: true);
        yield return new("edges", () => Texts("0,1,0.5\n1,2,1\n2,0,3e-1\n", "# from to\n0 1\n1 3\n3 2\n"), (_, path) =>
        {
            SparseMatrix<float> graph = Graph.ReadEdges<float>(path);
            Require(graph.Rows == graph.Columns, "as many rows as columns");
        }, 256, NeedsFile: true);
        yield return new("safetensors", () => [Made(path => Net(1).Save(path, new Dictionary<string, string> { ["made"] = "here" }))], (_, path) => Net(2).Load(path), 256, ContainerDamage.Safetensors, NeedsFile: true);
        yield return new("checkpoint", () => [Made(path => Train(path, 1))], (bytes, path) => Train(path, 2), 4096, ContainerDamage.Safetensors, NeedsFile: true);
        yield return new("bench-json", () => [Results()], (_, path) => Compare(path), 4096, NeedsFile: true);
        yield return new("stream-log", () => [Log()], (bytes, path) =>
        {
            // Whatever stands in the log of an interrupted call, the call makes the whole matrix.
            string output = path + ".npy";
            File.WriteAllBytes(output + ".partial.log", bytes);
            File.WriteAllBytes(output + ".partial", s_partial.Value);
            Gram.ComputeTo(output, s_pair.Value.X, Kernel.Linear(), Blocks);
            Require(File.ReadAllBytes(output).AsSpan().SequenceEqual(s_whole.Value), "the bytes of an uninterrupted run");
        }, 4096, NeedsFile: true, NeverRefuses: true);
    }

    private static IEnumerable<FuzzTarget> Models()
    {
        (Tensor<float> x, Tensor<float> y) = s_pair.Value;
        Views views = FusionData.Halves(12, 2, 3);
        yield return new("cca", () => [Made(path => CanonicalCorrelation.Fit(x, y, new() { Ridge = 0.1 }).Save(path))], (_, path) =>
        {
            CanonicalCorrelation model = CanonicalCorrelation.Load(path);
            Usable(() => model.TransformX(x));
        }, Deflated, ContainerDamage.Zip, NeedsFile: true);
        yield return new("kernel-cca", () => [.. KernelModels()], (_, path) =>
        {
            KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Load(path);
            Usable(() => model.TransformX(x));
            Usable(() => model.TransformY(y));
        }, 2 * Deflated, ContainerDamage.Zip, NeedsFile: true);
        yield return new("multiview", () => [Made(path => MultiviewCorrelation.Fit([x, y], new() { Ridge = 0.1 }).Save(path))], (_, path) =>
        {
            MultiviewCorrelation model = MultiviewCorrelation.Load(path);
            Usable(() => model.TransformView(0, x));
            Usable(() => model.PredictView(1, y, 0));
            Usable(() => model.Loadings(0, 1));
        }, Deflated, ContainerDamage.Zip, NeedsFile: true);
        yield return new("moments", () => [Made(path =>
        {
            CanonicalMoments moments = new(6, 5);
            moments.Accumulate(x, y);
            moments.Save(path);
        })], (_, path) =>
        {
            CanonicalMoments moments = CanonicalMoments.Load(path);
            Usable(() => moments.Fit(new() { Ridge = 0.1 }));
        }, Deflated, ContainerDamage.Zip, NeedsFile: true);
        yield return new("views", () => [Made(path => views.Save(path)), Made(path => Mixed().Save(path))], (_, path) =>
        {
            Views read = Views.Load(path);
            Usable(() => read.Split(0.3, 1));
            Usable(() => Concatenation.Fit(read).Predict(read));
        }, 2 * Deflated, ContainerDamage.Zip, NeedsFile: true);
        foreach (string strategy in (string[])["kernel-mean", "concat", "soft-vote", "stacking", "label-propagation", "snf", "gated", "attention"])
        {
            yield return new($"fusion-{strategy}", () => [Made(path => FusionStrategy.Save(path, views, strategy))], (_, path) =>
            {
                FusionModel model = FusionStrategy.Load(path);
                Usable(() => model.PredictProbabilities(views));
            }, 4 * Deflated, ContainerDamage.Zip, NeedsFile: true);
        }

        yield return Learned("dcca", path => DeepCanonicalCorrelation.Fit(x, y, new() { HiddenX = [3], Components = 2, Epochs = 1 }).Save(path), path => DeepCanonicalCorrelation.Load<float>(path).TransformX(x));
        yield return Learned("contrastive", path => ContrastiveAlignment.Fit(x, y, new() { HiddenX = [3], Components = 2, Epochs = 1 }).Save(path), path => ContrastiveAlignment.Load<float>(path).TransformX(x));
        yield return Learned("adversarial", path => AdversarialAlignment.Fit(x, y, new() { HiddenX = [3], Components = 2, DiscriminatorHidden = [3], Epochs = 1 }).Save(path), path => AdversarialAlignment.Load<float>(path).TransformX(x));
        yield return Learned("translation", path => AdversarialTranslation.Fit(x, y, new() { HiddenX = [3], DiscriminatorHidden = [3], Epochs = 1 }).Save(path), path => AdversarialTranslation.Load<float>(path).TranslateX(x));
        yield return Learned("autoencoder", path => AutoencoderAlignment.Fit(x, y, new() { Hidden = [3], Components = 2, Epochs = 1 }).Save(path), path => AutoencoderAlignment.Load<float>(path).Transform("x", x));
        yield return Learned("graph", path => GraphAlignment.Fit(x, y, new() { Neighbours = 3, Width = 4, Components = 2, Epochs = 1 }).Save(path), path => GraphAlignment.Load<float>(path).TransformX(x));
        yield return Learned("crossmodal", path => CrossModalAlignment.Fit(x, y, new() { Width = 4, Hidden = 4, Epochs = 1 }).Save(path), path => CrossModalAlignment.Load<float>(path).Transform("x", View.Vectors(x)));
    }

    /// <summary>Landmarks, all rows, Fourier features, and columns of Gram matrices.</summary>
    private static IEnumerable<byte[]> KernelModels()
    {
        (Tensor<float> x, Tensor<float> y) = s_pair.Value;
        foreach (KernelApproximation route in Enum.GetValues<KernelApproximation>())
        {
            KernelCanonicalCorrelationOptions options = new() { Approximation = route, Rank = 4 };
            yield return Made(path => KernelCanonicalCorrelation.Fit(x, Kernel.Rbf(), y, 0.5 * Kernel.Rbf(0.2), options).Save(path));
        }

        Tensor<float> gramX = Gram.Compute(x, Kernel.Rbf(), new() { Device = ComputeDevice.Default }), gramY = Gram.Compute(y, Kernel.Rbf(), new() { Device = ComputeDevice.Default });
        yield return Made(path => KernelCanonicalCorrelation.Fit(gramX, gramY, new() { Approximation = KernelApproximation.Nystrom, Rank = 4 }).Save(path));
    }

    private static FuzzTarget Learned(string name, Action<string> save, Func<string, Tensor<float>> load) =>
        new($"learned-{name}", () => [Made(save)], (_, path) => Usable(() => load(path)), 4096, ContainerDamage.Safetensors, NeedsFile: true);

    /// <summary>What a valid file holds can be used, or says in words what does not suit it.</summary>
    private static void Usable(Func<object> use)
    {
        try
        {
            use();
        }
        catch (Exception told) when (told is not DataFormatException && IsTold(told))
        {
            // Rows of other widths, classes without rows, numbers that overflow: told by the documented exceptions.
        }
    }

    private static bool IsTold(Exception failure) => failure is NumericalException || failure.GetType() == typeof(ArgumentException) || failure.GetType() == typeof(InvalidOperationException);

    private static ParameterSet<float> Net(ulong seed)
    {
        ParameterSet<float> parameters = new(seed);
        _ = new DenseLayers<float>(parameters, [3, 4, 2]);
        return parameters;
    }

    /// <summary>Trains two epochs beside a checkpoint, or goes on from one that is complete.</summary>
    private static void Train(string checkpoint, ulong seed)
    {
        ParameterSet<float> parameters = new(seed);
        DenseLayers<float> net = new(parameters, [6, 3, 5]);
        Trainer.Fit(parameters, new Adam(), 12, (tape, rows) => (net.Forward(tape.Rows(s_pair.Value.X, rows)) - tape.Rows(s_pair.Value.Y, rows)).Square().Mean(), s_training with { Checkpoint = checkpoint });
    }

    private static Views Mixed() => Views.Of(
        ("a", View.Vectors(s_pair.Value.X)),
        ("b", View.Sequences<double>([.. Enumerable.Range(0, 12).Select(row => Tensor.Create(new double[2 + (row % 2)], [2 + (row % 2), 1]))])))
        .WithTargets(Tensor.Create(new double[12], [12, 1])).WithGroups([.. Enumerable.Range(0, 12).Select(row => row / 3)]);
}
