using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class SimilarityCommandTests
{
    private TemporaryFolder _folder = null!;

    private string A => _folder["a.npy"];

    private string B => _folder["b.npy"];

    [SetUp]
    public void Create()
    {
        _folder = new();
        Npy.Write(A, Tensor.Create([1.0, 0, 0, 1, 1, 1], [3, 2]));
        Npy.Write(B, Tensor.Create([0.0, 2, 3, 0, 1, 1.1], [3, 2])); // rows 0 and 1 exchanged
        _folder.Write("la.txt", "u\nv\nw\n"u8);
        _folder.Write("lb.txt", "v\nu\nw\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Json_tells_figures_and_pairs()
    {
        JsonElement json = Run("--labels-a", _folder["la.txt"], "--labels-b", _folder["lb.txt"], "--assign").Json;
        CliRun.RequireMembers(
            json, "rows", "columns", "features", "metric", "relevance", "map", "recallAt1", "recallAt5", "recallAt10", "medianRank", "matching", "pairs", "recovered", "total", "transport", "device", "precision", "seconds");
        CliRun.RequireMembers(json.GetProperty("map"), "aToB", "bToA");
        Assert.That(json.GetProperty("map").GetProperty("aToB").GetDouble(), Is.EqualTo(1));
        Assert.That(json.GetProperty("recallAt1").GetProperty("bToA").GetDouble(), Is.EqualTo(1));
        Assert.That(json.GetProperty("medianRank").GetProperty("aToB").GetDouble(), Is.EqualTo(1));
        Assert.That((json.GetProperty("relevance").GetString(), json.GetProperty("matching").GetString()), Is.EqualTo(("labels", "assignment")));
        Assert.That(Pairs(json), Is.EqualTo(new[] { (0, 1), (1, 0), (2, 2) }));
        Assert.That(json.GetProperty("recovered").GetDouble(), Is.EqualTo(1));
    }

    [Test]
    public void Without_labels_row_belongs_to_row()
    {
        JsonElement json = Run().Json;
        Assert.That((json.GetProperty("relevance").GetString(), json.GetProperty("matching").GetString()), Is.EqualTo(("rows", "mutual")));
        Assert.That(json.GetProperty("recallAt1").GetProperty("aToB").GetDouble(), Is.EqualTo(1 / 3.0).Within(1e-12));
        Assert.That(CliRun.Of("similarity", A, B, "--device", "host").Succeeded().Output, Does.Contain("row i of B to row i of A").And.Contain("mAP"));
    }

    [Test]
    public void Sets_that_differ_in_rows_are_only_matched()
    {
        Npy.Write(B, Tensor.Create([0.0, 2, 3, 0], [2, 2]));
        JsonElement json = Run("--top", "2").Json;
        Assert.That(json.GetProperty("map").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Pairs(json), Is.EqualTo(new[] { (0, 1), (0, 0), (1, 0), (1, 1), (2, 0), (2, 1) }).Or.EqualTo(new[] { (0, 1), (0, 0), (1, 0), (1, 1), (2, 1), (2, 0) }));
        Assert.That(CliRun.Of("similarity", A, B, "--device", "host").Succeeded().Output, Does.Contain("nothing says what belongs together"));
    }

    [Test]
    public void Transport_is_told_with_its_errors()
    {
        JsonElement json = Run("--sinkhorn", "0.05").Json, transport = json.GetProperty("transport");
        CliRun.RequireMembers(transport, "epsilon", "iterations", "converged", "rowError", "columnError", "cost");
        Assert.That(transport.GetProperty("converged").GetBoolean(), Is.True);
        Assert.That(Pairs(json), Is.EqualTo(new[] { (0, 1), (1, 0), (2, 2) }));
    }

    [Test]
    public void Similarities_and_picture_are_written()
    {
        Run("--metric", "rbf", "--gamma", "0.5", "--output", _folder["s.npy"], "--plot", _folder["s.svg"], "--assign", "--labels-a", _folder["la.txt"], "--labels-b", _folder["lb.txt"]);
        Tensor<float> similarities = Npy.ReadAs<float>(_folder["s.npy"]);
        Assert.That(similarities[0, 0], Is.EqualTo(Math.Exp(-0.5 * 5)).Within(1e-6));
        string svg = File.ReadAllText(_folder["s.svg"]);
        System.Xml.Linq.XDocument.Parse(svg);
        Assert.That(svg, Does.Contain("rbf similarity").And.Contain("data:image/png").And.Contain("a.npy, 3 rows").And.Contain(">u</text>"));
        Assert.That(svg.Split("<circle").Length - 1, Is.EqualTo(6), "each pair white on black");
    }

    [Test]
    public void A_model_projects_both_sides_first()
    {
        double[] x = new double[60], y = new double[90];
        Random random = new(1);
        for (int i = 0; i < 30; i++)
        {
            (double s, double t) = (random.NextDouble(), random.NextDouble());
            (x[2 * i], x[(2 * i) + 1]) = (s, t);
            (y[3 * i], y[(3 * i) + 1], y[(3 * i) + 2]) = (t - s, s + (0.01 * random.NextDouble()), random.NextDouble());
        }

        Npy.Write(A, Tensor.Create(x, [30, 2]));
        Npy.Write(B, Tensor.Create(y, [30, 3]));
        CanonicalCorrelation.Fit(Tensor.Create(x, [30, 2]), Tensor.Create(y, [30, 3])).Save(_folder["m.npz"]);
        JsonElement json = Run("--model", _folder["m.npz"], "--assign").Json;
        Assert.That(json.GetProperty("recovered").GetDouble(), Is.GreaterThan(0.9));
        CliRun.Of("similarity", A, B).Failed(ExitCode.Data, "a.npy has 2 features", "b.npy has 3", "--model");
        CliRun.Of("similarity", B, A, "--model", _folder["m.npz"]).Failed(ExitCode.Data, "b.npy as the first view of", "30 x 3", "rows x 2 features");
        CliRun.Of("similarity", A, A, "--model", _folder["m.npz"]).Failed(ExitCode.Data, "a.npy as the second view of");
    }

    [TestCase("mcca")]
    [TestCase("kcca")]
    [TestCase("dcca")]
    [TestCase("contrastive")]
    [TestCase("adversarial")]
    [TestCase("autoencoder")]
    [TestCase("graph")]
    [TestCase("attention")]
    public void Every_saved_model_with_a_common_space_projects_both_sides(string method)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 24);
        Npy.Write(A, x);
        Npy.Write(B, y);
        string model = _folder[method is "mcca" or "kcca" ? "m.npz" : "m.safetensors"];
        FitAndProject(method, x, y, model, out Tensor<float> left, out Tensor<float> right);
        Run("--model", model, "--output", _folder["s.npy"]);
        Tensor<float> found = Npy.ReadAs<float>(_folder["s.npy"]), expected = SimilarityMatrix.Compute(left, right, SimilarityMetric.Cosine);
        Assert.That(found.Lengths.ToArray(), Is.EqualTo((nint[])[24, 24]));
        for (int i = 0; i < 24; i++)
        {
            for (int j = 0; j < 24; j++) Assert.That(found[i, j], Is.EqualTo(expected[i, j]).Within(1e-4), $"{i}, {j}");
        }
    }

    [Test]
    public void A_model_without_a_common_space_is_refused_in_words()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 12);
        Npy.Write(A, x);
        Npy.Write(B, y);
        AdversarialTranslation.Fit(x, y, new() { HiddenX = [3], DiscriminatorHidden = [3], Epochs = 1 }).Save(_folder["t.safetensors"]);
        CliRun.Of("similarity", A, B, "--model", _folder["t.safetensors"]).Failed(ExitCode.Data, "'adversarial-translation'", "no space that two views share");
        MultiviewCorrelation.Fit([x, y, x]).Save(_folder["three.npz"]);
        CliRun.Of("similarity", A, B, "--model", _folder["three.npz"]).Failed(ExitCode.Data, "three.npz is a model of 3 views");
        CanonicalMoments moments = new(2, 2);
        moments.Save(_folder["moments.npz"]);
        CliRun.Of("similarity", A, B, "--model", _folder["moments.npz"]).Failed(ExitCode.Data, "fusionkernels.canonical-correlation");
    }

    [TestCase("--gamma 1", "--gamma is of rbf")]
    [TestCase("--metric rbf --gamma -1", "above 0")]
    [TestCase("--metric euclidean", "euclidean")]
    [TestCase("--top 2 --assign", "--top and --assign are different pairs")]
    [TestCase("--sinkhorn 0", "above 0")]
    [TestCase("--sinkhorn x", "a number is needed")]
    [TestCase("--top 0", "one neighbour")]
    [TestCase("--top 4", "has 3 rows")]
    [TestCase("--labels-a l.txt", "go together")]
    [TestCase("--output s.csv", "must end in .npy")]
    [TestCase("--plot s.png", "must end in .svg")]
    public void What_cannot_be_meant_is_told_in_a_line(string options, string words) =>
        CliRun.Of(["similarity", A, B, "--device", "host", .. options.Split(' ')]).Failed(ExitCode.Usage, words);

    [Test]
    public void Files_that_do_not_fit_are_named()
    {
        _folder.Write("short.txt", "u\nv\n"u8);
        _folder.Write("other.txt", "x\ny\nz\n"u8);
        _folder.Write("wide.csv", "1,2\n3,4\n5,6\n"u8);
        Labels("short.txt").Failed(ExitCode.Data, "short.txt has 2 labels for the 3 rows of B");
        Labels("other.txt").Failed(ExitCode.Data, "no label in common");
        Labels("wide.csv").Failed(ExitCode.Data, "wide.csv has 2 columns; labels are one column");
        Labels("none.csv").Failed(ExitCode.Data, "none.csv: no such file");
        CliRun.Of("similarity", A, B, "--model", _folder["none.npz"]).Failed(ExitCode.Data, "no such file");
        Npy.Write(B, Tensor.Create([0.0, 2, double.NaN, 0], [2, 2]));
        CliRun.Of("similarity", A, B).Failed(ExitCode.Data, "row 1, feature 0");

        CliRun Labels(string ofB) => CliRun.Of("similarity", A, B, "--labels-a", _folder["la.txt"], "--labels-b", _folder[ofB]);
    }

    private static (int A, int B)[] Pairs(JsonElement json) =>
        [.. json.GetProperty("pairs").EnumerateArray().Select(pair => (pair.GetProperty("a").GetInt32(), pair.GetProperty("b").GetInt32()))];

    /// <summary>Fits and saves a model, and projects both views with it.</summary>
    private static void FitAndProject(string method, Tensor<float> x, Tensor<float> y, string path, out Tensor<float> left, out Tensor<float> right)
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        if (method == "mcca")
        {
            MultiviewCorrelation views = MultiviewCorrelation.Fit([x, y], new() { Ridge = 0.1 });
            views.Save(path);
            (left, right) = (Narrowed(views.TransformView(0, x)), Narrowed(views.TransformView(1, y)));
            return;
        }

        if (method == "kcca")
        {
            KernelCanonicalCorrelation kernels = KernelCanonicalCorrelation.Fit(x, Kernel.Rbf(), y, Kernel.Rbf(), new() { Device = host });
            kernels.Save(path);
            (left, right) = (Narrowed(kernels.TransformX(x)), Narrowed(kernels.TransformY(y)));
            return;
        }

        if (method == "dcca")
        {
            DeepCanonicalCorrelationModel<float> deep = DeepCanonicalCorrelation.Fit(x, y, new() { HiddenX = [3], Components = 2, Epochs = 1, Device = host });
            deep.Save(path);
            (left, right) = deep.Transform(x, y);
            return;
        }

        if (method == "autoencoder")
        {
            AutoencoderModel<float> codes = AutoencoderAlignment.Fit(x, y, new() { Hidden = [3], Components = 2, Epochs = 1, Device = host });
            codes.Save(path);
            (left, right) = (codes.Transform(codes.Names[0], x), codes.Transform(codes.Names[1], y));
            return;
        }

        CommonSpaceModel<float> model = method switch
        {
            "contrastive" => ContrastiveAlignment.Fit(x, y, new() { HiddenX = [3], Components = 2, Epochs = 1, Device = host }),
            "adversarial" => AdversarialAlignment.Fit(x, y, new() { HiddenX = [3], Components = 2, DiscriminatorHidden = [3], Epochs = 1, Device = host }),
            "graph" => GraphAlignment.Fit(x, y, new() { Neighbours = 3, Width = 4, Components = 2, Epochs = 1, Device = host }),
            _ => CrossModalAlignment.Fit(x, y, new() { Width = 4, Hidden = 4, Epochs = 1, Device = host }),
        };
        model.Save(path);
        (left, right) = model.Transform(x, y);
    }

    private static Tensor<float> Narrowed(Tensor<double> scores) => Tensor.Create(Array.ConvertAll<double, float>([.. scores], value => (float)value), scores.Lengths);

    private CliRun Run(params string[] options) => CliRun.Of(["similarity", A, B, "--device", "host", "--json", .. options]).Succeeded();
}
