using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <summary>A small call of every public operation that takes a device and a token: what soak, faults, cancellation and concurrency go through.</summary>
internal static partial class PublicCalls
{
    private const int Rows = 36;

    private static readonly Tensor<float> s_x = Matrix(1, Rows, 6), s_y = Matrix(2, Rows, 5), s_other = Matrix(3, 17, 6);
    private static readonly Tensor<float> s_square = Definite(4, 24);
    private static readonly Tensor<float>[] s_series = [.. Enumerable.Range(0, 7).Select(one => Matrix(10 + one, 12 + one, 2))], s_more = [.. Enumerable.Range(0, 5).Select(one => Matrix(20 + one, 15 - one, 2))];
    private static readonly int[] s_labels = [.. Enumerable.Range(0, Rows).Select(row => row % 3)];
    private static readonly Tensor<double> s_targets = Tensor.Create([.. Enumerable.Range(0, Rows).Select(row => Math.Sin(row))], [Rows, 1]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicCall> All { get; } =
        [.. Products(), .. Grams(), .. Warping(), .. Elastic(), .. Decompositions(), .. Correlation(), .. Similarity(), .. Attentions(), .. Graphs(), .. Machines(), .. Learning(), .. Fusion(), .. Files()];

    /// <summary>One of each family, on the way that most of them share: for what would take minutes over all.</summary>
    public static IReadOnlyList<PublicCall> OfEachFamily { get; } =
    [
        .. new[]
        {
            "MatrixProduct.Multiply", "Gram.Compute", "Dtw.Distances", "ElasticDistance.Msm", "Cholesky.Factor", "KernelAlignment.Centered", "Sinkhorn.Transport",
            "Attention.Forward", "SparseMatrix.Multiply", "Nystrom.Fit", "Trainer.Fit", "KernelFusion.Fit", "Gram.ComputeTo",
        }.Select(Named),
    ];

    /// <summary>One by its name.</summary>
    public static PublicCall Named(string name) => All.Single(call => call.Name == name);

    private static IEnumerable<PublicCall> Products()
    {
        const string family = "products";
        yield return new(family, "MatrixProduct.Multiply", site => MatrixProduct.Multiply(s_square, Matrix(5, 24, 9), site.In(new MatrixProductOptions())));
        yield return new(family, "MatrixProduct.MultiplySelf", site => MatrixProduct.MultiplySelf(s_x, site.In(new MatrixProductOptions())));
        yield return new(family, "MatrixProduct.Multiply resident", site => OnDevice(site, (device, a) => MatrixProduct.Multiply(a, a, site.In(new MatrixProductOptions())), s_square));
        yield return new(family, "Softmax.Compute", site => Softmax.Compute(s_x, options: site.Plain));
        yield return new(family, "Softmax.ComputeLog", site => Softmax.ComputeLog(s_x, options: site.Plain));
    }

    private static IEnumerable<PublicCall> Grams()
    {
        const string family = "grams";
        Kernel composed = Kernel.Rbf() + Kernel.Linear().Centered();
        yield return new(family, "Gram.Compute", site => Gram.Compute(s_x, Kernel.Rbf(), site.In(new GramOptions())));
        yield return new(family, "Gram.Compute rectangular composed", site => Gram.Compute(s_x, s_other, composed, site.In(new GramOptions())));
        yield return new(family, "Gram.Compute resident", site => OnDevice(site, (device, x) => Gram.Compute(x, composed, site.In(new GramOptions())), s_x));
        yield return new(family, "Gram.Diagonal", site => Gram.Diagonal(s_x, composed, site.In(new GramOptions())));
        yield return new(family, "Gram.Diagonal resident", site => OnDevice(site, (device, x) => Gram.Diagonal(x, composed, site.In(new GramOptions())), s_x));
        yield return new(family, "Gram.Multiply", site => Gram.Multiply(s_x, Kernel.Laplacian(), s_y, site.In(new GramOptions())));
        yield return new(family, "Gram.Neighbours", site => Gram.Neighbours(s_x, Kernel.Rbf(), 4, options: site.In(new GramOptions())));
        yield return new(family, "Gram.Summarize", site => Gram.Summarize(s_x, composed, site.In(new GramOptions())));
        yield return new(family, "Gram.Summarize resident", site => OnDevice(site, (device, x) => Gram.Summarize(x, composed, site.In(new GramOptions())), s_x));
    }

    private static IEnumerable<PublicCall> Similarity()
    {
        const string family = "similarity";
        Tensor<float> shared = Matrix(3, Rows, 6);
        yield return new(family, "SimilarityMatrix.Compute", site => SimilarityMatrix.Compute(s_x, s_other, SimilarityMetric.Cosine, site.In(new GramOptions())));
        yield return new(family, "Matching.Nearest", site => Matching.Nearest(s_x, s_other, SimilarityMetric.Cosine, 3, site.In(new GramOptions())));
        yield return new(family, "Matching.MutualNearest", site => Matching.MutualNearest(s_x, s_other, SimilarityMetric.Cosine, site.In(new GramOptions())));
        yield return new(family, "Retrieval.Evaluate", site => Retrieval.Evaluate(s_x, shared, SimilarityMetric.Cosine, site.Plain));
        yield return new(family, "Retrieval.Evaluate of a matrix", site => Retrieval.Evaluate(s_square, site.Plain), OnHostOnly: true);
        yield return new(family, "Assignment.Solve", site => Assignment.Solve(s_square, site.In(new AssignmentOptions())), OnHostOnly: true);
        yield return new(family, "Sinkhorn.Transport", site => Sinkhorn.Transport(s_square, 0.5, site.In(new SinkhornOptions())));
        yield return new(family, "Sinkhorn.TransportBetween", site => Sinkhorn.TransportBetween(s_x, s_other, SimilarityMetric.Rbf(0.1), 0.5, site.In(new SinkhornOptions())));
    }

    private static IEnumerable<PublicCall> Graphs()
    {
        const string family = "graphs";
        Tensor<float> gram = Gram.Compute(s_x, Kernel.Rbf(0.1));
        SparseMatrix<float> graph = Graph.FromGram(gram, 4);
        int[] labels = [.. s_labels.Select((label, row) => row % 4 == 0 ? label : -1)];
        yield return new(family, "Graph.Neighbours", site => Graph.Neighbours(s_x, 4, site.In(new NeighbourGraphOptions())));
        yield return new(family, "Graph.FromGram", site => Graph.FromGram(gram, 4, site.In(new NeighbourGraphOptions())), OnHostOnly: true);
        yield return new(family, "Graph.FromGrams", site => Graph.FromGrams([gram, gram], 4, site.In(new MultiviewGraphOptions())), OnHostOnly: true);
        yield return new(family, "SparseMatrix.Multiply", site => graph.Multiply(s_x, site.Plain));
        yield return new(family, "SparseMatrix.MultiplyTransposed", site => graph.MultiplyTransposed(s_x, site.Plain));
        yield return new(family, "SparseMatrix.ValueGradients", site => graph.ValueGradients(s_x, Matrix(6, Rows, 6), site.Plain));
        yield return new(family, "LabelPropagation.Fit", site => LabelPropagation.Fit(graph, labels, site.In(new LabelPropagationOptions())), OnHostOnly: true);
        yield return new(family, "LabelPropagation.FitViews", site => LabelPropagation.FitViews<float>([gram, gram], labels, site.In(new ViewPropagationOptions { Neighbours = [4] })), OnHostOnly: true);
        yield return new(family, "SimilarityNetworkFusion.Affinity", site => SimilarityNetworkFusion.Affinity(s_x, site.In(new NetworkFusionOptions())));
        yield return new(family, "SimilarityNetworkFusion.Fuse", site => SimilarityNetworkFusion.Fuse([gram, gram], site.In(new NetworkFusionOptions { Iterations = 3 })));
        yield return new(family, "SimilarityNetworkFusion.FuseViews", site => SimilarityNetworkFusion.FuseViews([s_x, s_y], site.In(new NetworkFusionOptions { Iterations = 3 })));
    }

    /// <summary>Uploads, calls, and gives everything back but the result.</summary>
    private static T OnDevice<T>(CallSite site, Func<ComputeDevice, DeviceTensor<float>, T> call, Tensor<float> tensor)
    {
        ComputeDevice device = site.Device ?? ComputeDevice.Default;
        using DeviceTensor<float> resident = device.Upload(tensor);
        return call(device, resident);
    }

    private static Tensor<float> Matrix(int seed, params nint[] lengths)
    {
        Random random = new(seed);
        float[] values = new float[lengths.Aggregate((nint)1, (product, length) => product * length)];
        for (int i = 0; i < values.Length; i++) values[i] = (2 * random.NextSingle()) - 1;
        return Tensor.Create(values, lengths);
    }

    private static Tensor<float> Definite(int seed, int rows)
    {
        Tensor<float> a = Matrix(seed, rows, rows);
        float[] values = new float[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                double sum = i == j ? rows : 0;
                for (int k = 0; k < rows; k++) sum += (double)a[i, k] * a[j, k];
                values[(i * rows) + j] = (float)(sum / rows);
            }
        }

        return Tensor.Create(values, [rows, rows]);
    }
}
