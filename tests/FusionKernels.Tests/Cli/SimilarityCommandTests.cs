using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
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
        CliRun.Of("similarity", B, A, "--model", _folder["m.npz"]).Failed(ExitCode.Data, "b.npy has 3 features", "first view", "has 2");
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

    private CliRun Run(params string[] options) => CliRun.Of(["similarity", A, B, "--device", "host", "--json", .. options]).Succeeded();
}
