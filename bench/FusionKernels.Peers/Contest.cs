using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>One computation that this library and its peers do on the same operands with the same number of threads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Threads">Threads of every contestant.</param>
/// <param name="Rows">Rows and columns of the result.</param>
/// <param name="Ours">This library's case; the contest disposes it.</param>
/// <param name="Reference">An element of the result in float64.</param>
/// <param name="Peers">The others, made when their turn comes: a library may be absent.</param>
internal sealed record Contest(
    string Name, int Threads, int Rows, BenchCase Ours, Func<int, int, double> Reference, IReadOnlyList<(string Name, Func<Contestant> Create)> Peers)
    : IDisposable
{
    /// <summary>The product of two square float32 matrices.</summary>
    public static Contest Product(DeviceSession session, int threads)
    {
        ProductCase<float> ours = new(session, threads);
        List<(string, Func<Contestant>)> peers =
        [
            (TorchProduct.Title, () => new TorchProduct(ours, threads)),
            (OpenBlasProduct.Title, () => new OpenBlasProduct(ours, threads)),
            (MathNetProduct.Title, () => new MathNetProduct(ours, threads)),
        ];
        if (threads == 1) peers.Add((NaiveProduct.Title, () => new NaiveProduct(ours)));
        return new("gemm", threads, ours.Edge, ours, ours.Reference, peers);
    }

    /// <summary>The symmetric float32 Gram matrix of the RBF kernel.</summary>
    public static Contest Rbf(DeviceSession session, int features, int threads)
    {
        GramCase ours = GramCase.Rbf(session, features, threads);
        return new(
            $"rbf-d{features}",
            threads,
            ours.Rows,
            ours,
            ours.Reference,
            [
                (TorchUnfusedRbf.Title, () => new TorchUnfusedRbf(ours, threads)),
                (TorchDistanceRbf.Title, () => new TorchDistanceRbf(ours, threads)),
            ]);
    }

    /// <summary>Canonical correlation of two float32 views of 256 columns: all correlations, 10 components.</summary>
    public static Contest Correlation(DeviceSession session, int threads)
    {
        CorrelationCase ours = new(session, threads, isWhole: true);
        return new(
            "cca-d512",
            threads,
            CorrelationCase.Components,
            ours,
            ours.Reference,
            [
                (OpenBlasCorrelation.Title, () => new OpenBlasCorrelation(ours, threads)),
                (SklearnCorrelation.Title, () => new SklearnCorrelation(ours, threads)),
            ]);
    }

    /// <summary>A training step of a multi-layer perceptron.</summary>
    /// <param name="session">The host.</param>
    /// <param name="name">Its name.</param>
    /// <param name="threads">Threads of every contestant.</param>
    /// <param name="widths">Features from layer to layer.</param>
    /// <param name="batch">Rows.</param>
    public static Contest Perceptron(DeviceSession session, string name, int threads, int[] widths, int batch)
    {
        PerceptronCase ours = new(session, threads, widths, batch);
        return new(name, threads, ours.Widths[^1], ours, ours.Reference, [(TorchPerceptron.Title, () => new TorchPerceptron(ours, threads))]);
    }

    /// <summary>A training step of a transformer block on 32 sequences of 128 places, 256 wide.</summary>
    public static Contest Transformer(DeviceSession session, int threads)
    {
        TransformerCase ours = new(session, threads);
        return new("train-transformer", threads, ours.Features, ours, ours.Reference, [(TorchTransformer.Title, () => new TorchTransformer(ours, threads))]);
    }

    /// <summary>An epoch of deep canonical correlation in batches of 400 rows.</summary>
    public static Contest DeepCorrelation(DeviceSession session, int threads)
    {
        DeepCorrelationCase ours = new(session, threads);
        return new("train-dcca", threads, DeepCorrelationCase.Components, ours, ours.Reference, [(TorchDeepCorrelation.Title, () => new TorchDeepCorrelation(ours, threads))]);
    }

    /// <summary>Machines of ten classes on a ready Gram matrix; libsvm has one thread, whatever ours have.</summary>
    public static Contest Machines(DeviceSession session, int threads)
    {
        KernelSvmCase ours = new(session, threads);
        return new("kernel-svm", threads, KernelSvmCase.Pairs, ours, ours.Reference, [(LibsvmMachines.Title, () => new LibsvmMachines(ours))]) { IsDouble = true };
    }

    /// <summary>Weights of twenty float32 Gram matrices.</summary>
    public static Contest Alignment(DeviceSession session, int threads)
    {
        AlignmentCase ours = new(session, threads);
        return new(
            "alignf",
            threads,
            ours.Kernels,
            ours,
            ours.Reference,
            [
                (NumpyAlignment.Title, () => new NumpyAlignment(ours, threads)),
                (OpenBlasAlignment.Title, () => new OpenBlasAlignment(ours, threads)),
            ]);
    }

    /// <summary>Symmetric eigenproblems in float64: all values and vectors.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ours">The case.</param>
    /// <param name="threads">Threads.</param>
    public static Contest Eigen(string name, EigenCase ours, int threads) => new(
        name, threads, ours.Items * ours.Size, ours, ours.Reference, [(OpenBlasEigen.Title, () => new OpenBlasEigen(ours, threads))]) { IsDouble = true };

    /// <summary>The ten largest singular values of a tall float64 matrix, and their vectors.</summary>
    public static Contest SvdTop(DeviceSession session, int threads)
    {
        SvdTopCase ours = new(session, threads);
        return new("svd-top", threads, SvdTopCase.Top, ours, ours.Reference, [(ArpackSvd.Title, () => new ArpackSvd(ours, threads))]) { IsDouble = true };
    }

    /// <summary>Whether it is in float64.</summary>
    public bool IsDouble { get; init; }

    /// <summary>Float32 attention of 4 items and 8 heads of 1024 queries and keys, 64 wide.</summary>
    public static Contest Attention(DeviceSession session, string name, int threads, AttentionMasking masking, bool withGradients) =>
        Against(name, threads, new(session, threads, masking, withGradients));

    /// <summary>The same without gradients: what a causal alignment, a dense mask and a bias take of its own unmasked time.</summary>
    public static Contest AttentionMasks(DeviceSession session, int threads)
    {
        AttentionCase ours = new(session, threads, AttentionMasking.None, withGradients: false);
        AttentionMasking[] others = [AttentionMasking.Causal, AttentionMasking.Dense, AttentionMasking.Bias];
        return new(
            "attention-masks",
            threads,
            ours.Compared,
            ours,
            ours.Reference,
            [.. others.Select(masking => (OwnAttention.TitleOf(masking), (Func<Contestant>)(() => new OwnAttention(new(session, threads, masking, withGradients: false)))))]);
    }

    /// <summary>Float32 attention of 16 items and 8 heads of short sequences.</summary>
    public static Contest ShortAttention(DeviceSession session, string name, int threads, int length, int width) =>
        Against(name, threads, AttentionCase.Short(session, threads, length, width));

    /// <summary>One query of 32 heads against a cache of 8 key heads of 32 768 keys, 128 wide.</summary>
    public static Contest Decode(DeviceSession session, int threads)
    {
        DecodeCase ours = new(session, threads);
        return new("attention-decode", threads, ours.QueryHeads, ours, ours.Reference, [(TorchAttention.Title, () => new TorchDecode(ours, threads))]);
    }

    /// <summary>One epoch of two graph convolutions on a float32 graph of Cora's sizes.</summary>
    public static Contest GraphEpoch(DeviceSession session, int threads)
    {
        GraphTrainingCase ours = new(session, threads);
        return new("graph-epoch", threads, GraphData.Classes, ours, ours.Reference, [(TorchGraphTraining.Title, () => new TorchGraphTraining(ours, threads))]);
    }

    /// <inheritdoc/>
    public void Dispose() => Ours.Dispose();

    private static Contest Against(string name, int threads, AttentionCase ours) =>
        new(name, threads, ours.Compared, ours, ours.Reference, [(TorchAttention.Title, () => new TorchAttention(ours, threads))]);
}
