using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of README.md.</summary>
[TestFixture]
internal sealed class ReadmeExamples : ExampleFixture
{
    [Test]
    public void FirstGram()
    {
        Tensor<float> x = Npy.Read<float>("x.npy");                   // rows x features
        Tensor<float> k = Gram.Compute(x, Kernel.Rbf(gamma: 0.1));    // rows x rows, symmetric to the last bit
        Npy.Write("k.npy", k);

        Assert.That(Npy.Read<float>("k.npy")[0, 1], Is.EqualTo(k[1, 0]));
    }

    [Test]
    public void FusedViews()
    {
        // Two views stand side by side in a row: features 0 to 15, and the rest.
        Kernel fused = 0.7 * Kernel.Rbf().On(..16) + 0.3 * Kernel.Laplacian().On(16..);

        var model = KernelRidgeClassifier.Fit(Gram.Compute(x, fused.Centered()), labels, ridge: 1e-3);
        int[] predicted = model.Predict(Gram.Compute(newRows, x, fused.Centered()));    // centred by the means of x

        Assert.That(predicted, Is.EqualTo(labels[..predicted.Length]));
    }

    [Test]
    public void WarpSeries()
    {
        float distance = Dtw.Distance<float>([0, 0, 1, 2, 1, 0], [0, 1, 2, 1, 0, 0]);               // 0: the same at another pace
        DtwAlignment<float> fit = Dtw.Align<float>([1, 2, 3, 5], [1, 3, 3, 4, 6], new() { Window = WarpingWindow.Radius(2) });
        Tensor<float> pairs = Dtw.Distances(x);                                                     // each row is a series: all pairs

        Assert.That(distance, Is.Zero);
        Assert.That(fit.Path[^1], Is.EqualTo((3, 4)));
        Assert.That(pairs[2, 5], Is.EqualTo(pairs[5, 2]));
    }

    [Test]
    public void CorrelateViews()
    {
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(images, texts, new() { Components = 2, Ridge = 1e-4 });
        (Tensor<float> u, Tensor<float> v) = cca.Transform(moreImages, moreTexts);    // variates of unit variance; cca.Correlations, cca.XLoadings
        double p = CanonicalCorrelation.Fit(images, texts).Significance!.Wilks[0].P;  // of no correlation at all
        double cka = KernelAlignment.Centered(images, Kernel.Rbf(), texts, Kernel.Rbf());

        Assert.That((u.Lengths[0], v.Lengths[1]), Is.EqualTo(((nint)20, (nint)2)));
        Assert.That(p, Is.LessThan(0.05));
        Assert.That(cka, Is.InRange(0.1, 1));
    }

    [Test]
    public void MatchSets()
    {
        RetrievalResult found = Retrieval.Evaluate(u, v, SimilarityMetric.Cosine);    // row i of u belongs to row i of v: mAP, recall, median rank
        AssignmentResult best = Assignment.Solve(SimilarityMatrix.Compute(u, v, SimilarityMetric.Cosine), new() { Maximize = true });
        SinkhornPotentials soft = Sinkhorn.TransportBetween(u, v, SimilarityMetric.Cosine, epsilon: 0.1);

        Assert.That(found.AToB.MeanAveragePrecision, Is.EqualTo(1));
        Assert.That(best.ColumnOfRow, Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(soft.Converged);
    }

    [Test]
    public void Decompose()
    {
        SvdResult<float> svd = Svd.Compute(x, new() { Count = 5 });                       // the largest five: svd.U, svd.Values, svd.V
        CholeskyFactor<float> factor = Cholesky.Factor(Gram.Compute(x, Kernel.Rbf() + 0.1 * Kernel.Linear()));
        IncompleteCholeskyFactor<float> lowRank = IncompleteCholesky.Factor(x, Kernel.Rbf(), rank: 20);    // K is never stored
        RangeFinderResult<float> range = RangeFinder.Find(x, rank: 10);                   // a basis of nearly all that x spans

        Assert.That(svd.Values[0], Is.GreaterThan(svd.Values[4]));
        Assert.That(factor.Lower[0, 1], Is.Zero);
        Assert.That(lowRank.Rank, Is.EqualTo(20));
        Assert.That(range.Basis.Lengths[1], Is.EqualTo((nint)20), "the rank and the columns beyond it");
    }

    [Test]
    public void Attend()
    {
        AttentionResult<float> attended = Attention.ForwardWithLogSumExp(queries, keys, values, new() { Causal = CausalAlignment.BottomRight });
        AttentionGradients<float> gradients = Attention.Backward(queries, keys, values, attended, lossGradient, new() { Causal = CausalAlignment.BottomRight });
        Tensor<float> weights = Attention.Weights(queries, keys);                         // only because it is asked for

        Assert.That(attended.Output.Lengths.ToArray(), Is.EqualTo(lossGradient.Lengths.ToArray()));
        Assert.That(gradients.Value.Sum(), Is.EqualTo(lossGradient.Sum()).Within(1e-3), "weights sum to 1");
        Assert.That(weights.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 4, 10, 12 }));
    }

    [Test]
    public void FuseViews()
    {
        Views views = Views.Of(("images", images), ("texts", texts)).WithLabels(labels);
        KernelFusionModel model = KernelFusion.Fit(views, new() { Weighting = KernelWeighting.AlignF });
        Tensor<double> p = model.PredictProbabilities(views.Blind("texts"));          // a whole view may be absent
        FusionReport report = FusionReport.Compare(views, [FusionStrategy.Named("kernel-mean"), FusionStrategy.Named("soft-vote")], folds: 3);
        Console.WriteLine(report);                                                    // beside every single view and the majority class

        Assert.That(p.Lengths.ToArray(), Is.EqualTo(new nint[] { 60, 2 }));
        Assert.That(report.ToString(), Does.Contain("kernel-mean").And.Contain("majority"));
    }

    [Test]
    public void SpreadLabels()
    {
        SparseMatrix<float>[] graphs = [Graph.Neighbours(images, 5), Graph.Neighbours(texts, 5)];
        LabelPropagationResult spread = LabelPropagation.Fit(graphs, [.. labels.Select((label, i) => i < 10 ? label : -1)]);    // -1: not known

        Assert.That(spread.Labels.Zip(labels).Count(pair => pair.First == pair.Second), Is.GreaterThan(45));
    }

    [Test]
    public void TrainTowers()
    {
        DeepCanonicalCorrelationModel<float> deep = DeepCanonicalCorrelation.Fit(images, texts, new() { HiddenX = [16], HiddenY = [16], Components = 2, Epochs = 30 });
        ContrastiveModel<float> towers = ContrastiveAlignment.Fit(images, texts, new() { Components = 8, BatchSize = 30, Epochs = 30 });
        RetrievalResult retrieved = towers.Evaluate(moreImages, moreTexts);               // mAP, recall, median rank, both ways

        Assert.That(deep.Correlations[0], Is.GreaterThan(0.5));
        Assert.That(retrieved.AToB.MeanAveragePrecision, Is.InRange(0.1, 1));
    }

    [Test]
    public void OnADevice()
    {
        using ComputeDevice device = ComputeDevice.Open("auto");    // or "cuda:0", "opencl:1", "host": that one, or an exception
        Console.WriteLine($"{device}: {device.Why}");

        using DeviceTensor<float> rows = device.Upload(x);
        using DeviceTensor<float> k = Gram.Compute(rows, Kernel.Rbf());    // stays on the device
        Tensor<float> onHost = k.Download();

        Assert.That(onHost[0, 0], Is.EqualTo(1));
    }

    [Test]
    public void ReportOfACall()
    {
        GramOptions options = new() { Report = told => Console.WriteLine($"{told.Device}, {told.Tiling}: {told.Flops / told.TotalSeconds / 1e9:0} GFLOP/s") };
        Tensor<double> k = Gram.Compute(Tensor.ConvertSaturating<float, double>(x), Kernel.Matern(nu: 2.5), options);

        Assert.That(k[3, 4], Is.EqualTo(k[4, 3]));
    }

    [Test]
    public void LargerThanMemory()
    {
        GramPlanSummary plan = Gram.PlanTo<float>(rows: 1_000_000, columns: null, features: 24, Kernel.Rbf());
        Console.WriteLine($"{plan.ResultBytes:N0} bytes of disk, {plan.WorkingBytes:N0} bytes of memory");

        Gram.ComputeTo("k.npy", x, Kernel.Rbf());                                       // interrupted? the same call goes on
        Tensor<float> smoothed = Gram.Multiply(x, Kernel.Rbf(), x);                     // K V; K is never stored
        GramNeighbours<float> nearest = Gram.Neighbours(x, Kernel.Rbf(), count: 10);    // the most similar other rows

        Assert.That(smoothed.Lengths.ToArray(), Is.EqualTo(x.Lengths.ToArray()));
        Assert.That(nearest.Indices.Lengths[1], Is.EqualTo((nint)10));
        Assert.That(Npy.Read<float>("k.npy")[5, 5], Is.EqualTo(1));
    }

    [Test]
    public void MatrixProducts()
    {
        Tensor<float> scatter = MatrixProduct.MultiplySelf(x, new() { TransposeA = true });    // xᵀ x: half the work, symmetric
        Tensor<float> projected = MatrixProduct.Multiply(newRows, scatter);

        Assert.That(projected.Lengths[0], Is.EqualTo(newRows.Lengths[0]));
        Assert.That(scatter[0, 1], Is.EqualTo(scatter[1, 0]));
    }

    [Test]
    public void LongWork()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(10));
        GramOptions options = new()
        {
            Threads = 4,                                                           // results do not depend on it
            Cancellation = stop.Token,
            Progress = new Progress<double>(done => Console.Error.Write($"\r{done:P0}")),
        };
        Tensor<float> k = Gram.Compute(x, Kernel.Laplacian(), options);

        Assert.That(k, Is.EqualTo(Gram.Compute(x, Kernel.Laplacian())));
    }

    [Test]
    public void Files()
    {
        CsvTable table = Csv.Read("flowers.csv");                          // delimiter and header are found out
        Tensor<float> features = table.Without(2).ToTensor<float>();       // rows x 2
        ClassLabels species = table.ToLabels("species");
        Tensor<float> strokes = Npz.Read<float>("views.npz", "strokes");
        TimeSeriesSet<float> series = Ts.Read<float>("series.ts");         // time x channels each, lengths may differ

        Assert.That(features[1, 0], Is.EqualTo(7f));
        Assert.That(species[2], Is.EqualTo("virginica"));
        Assert.That(strokes.Lengths[0], Is.EqualTo((nint)20));
        Assert.That(series.IsEqualLength, Is.False);
    }
}
