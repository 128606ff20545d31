using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using FusionKernels.Tests.Correlation;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary><c>kcca</c> and <c>mcca</c>.</summary>
[Parallelizable]
internal sealed class KccaCommandTests
{
    private TemporaryFolder _folder = null!;
    private Tensor<double>[] _views = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _views = CorrelatedViews.Tensors<double>(30, [3, 2, 2], 1);
        for (int v = 0; v < 3; v++) Npy.Write(_folder[$"{v}.npy"], _views[v]);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Kernel_correlation_tells_what_the_library_computes_and_writes_its_variates()
    {
        string[] arguments = ["kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "rbf", "--gamma", "0.1", "--regularizer", "fukumizu", "--regularization", "0.2", "--scores-x", _folder["u.npy"], "--precision", "float64", "--device", "host", "--json"];
        JsonElement json = CliRun.Of(arguments).Succeeded().Json;
        CliRun.RequireMembers(json, "rows", "kernel", "regularizer", "regularization", "route", "rankX", "rankY", "correlations", "trainingCorrelations", "device", "precision", "seconds");
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(_views[0], Kernel.Rbf(0.1), _views[1], Kernel.Rbf(0.1), new() { Regularizer = KernelRegularizer.Fukumizu, Regularization = 0.2 });
        Assert.That(json.GetProperty("correlations").EnumerateArray().Select(value => value.GetDouble()), Is.EqualTo(model.Correlations).AsCollection.Within(1e-9));
        Assert.That(Npy.ReadAs<double>(_folder["u.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { 30, 2 }));
    }

    [Test]
    public void The_kernel_model_is_saved()
    {
        CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "rbf", "--gamma", "0.1", "--save", _folder["m.npz"], "--precision", "float64", "--device", "host").Succeeded();
        KernelCanonicalCorrelation expected = KernelCanonicalCorrelation.Fit(_views[0], Kernel.Rbf(0.1), _views[1], Kernel.Rbf(0.1)), saved = KernelCanonicalCorrelation.Load(_folder["m.npz"]);
        Assert.That(saved.Correlations, Is.EqualTo(expected.Correlations).AsCollection.Within(1e-12));
        CliRun.Of("similarity", _folder["0.npy"], _folder["1.npy"], "--model", _folder["m.npz"], "--device", "host").Failed(ExitCode.Data, "0.npy as the first view of", "rows of float64");
        CliRun.Of("similarity", _folder["0.npy"], _folder["1.npy"], "--model", _folder["m.npz"], "--device", "host", "--precision", "float64").Succeeded();
        CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "linear", "--save", _folder["m.npy"]).Failed(ExitCode.Usage, "must end in .npz");
    }

    [TestCase("cholesky")]
    [TestCase("nystrom")]
    [TestCase("fourier")]
    public void Every_route_runs(string route)
    {
        CliRun run = CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "rbf", "--approximation", route, "--rank", "10", "--device", "host", "--json").Succeeded();
        Assert.That(run.Json.GetProperty("route").GetString(), Is.EqualTo(route));
    }

    [Test]
    public void The_rows_are_drawn_at_their_first_pair_of_variates()
    {
        CliRun run = CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "linear", "--device", "host", "--plot", _folder["k.svg"], "--json").Succeeded();
        string first = run.Json.GetProperty("trainingCorrelations")[0].GetDouble().ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
        System.Xml.Linq.XElement svg = System.Xml.Linq.XDocument.Load(_folder["k.svg"]).Root!;
        Assert.That(svg.Value, Does.Contain("variate of 0.npy").And.Contain("variate of 1.npy").And.Contain(first));
        Assert.That(svg.Descendants().Count(element => element.Name.LocalName == "circle"), Is.EqualTo(30), "a point a row");
        CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "linear", "--plot", _folder["k.png"]).Failed(ExitCode.Usage, "must end in .svg");
    }

    [Test]
    public void Many_views_with_gaps_are_fitted()
    {
        double[] mask = [.. Enumerable.Range(0, 90).Select(cell => cell % 7 == 2 ? 0.0 : 1)];
        for (int i = 0; i < 30; i++)
        {
            for (int v = 0; v < 3; v++)
            {
                if (mask[(i * 3) + v] == 0) _views[v][i, 0] = double.NaN;
            }
        }

        for (int v = 0; v < 3; v++) Npy.Write(_folder[$"{v}.npy"], _views[v]);
        Npy.Write(_folder["p.npy"], Tensor.Create(mask, [30, 3]));
        string[] files = [_folder["0.npy"], _folder["1.npy"], _folder["2.npy"]];
        JsonElement json = CliRun.Of(["mcca", .. files, "--presence", _folder["p.npy"], "--scores", _folder["g.npy"], "--precision", "float64", "--json"]).Succeeded().Json;
        Assert.That(json.GetProperty("eigenvalues").GetArrayLength(), Is.EqualTo(2));
        Assert.That(Npy.ReadAs<double>(_folder["g.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { 30, 2 }));
        CliRun.Of(["mcca", .. files]).Failed(ExitCode.Data, "NaN");
    }

    [Test]
    public void Shrinkage_and_scaling_reach_the_fit_and_the_model_is_saved()
    {
        JsonElement json = CliRun.Of("mcca", _folder["0.npy"], _folder["1.npy"], _folder["2.npy"], "--shrinkage", "0.3", "--ridge", "0.2", "--scale", "--save", _folder["m.npz"], "--precision", "float64", "--json").Succeeded().Json;
        MultiviewCorrelation expected = MultiviewCorrelation.Fit(_views, new() { Shrinkage = 0.3, Ridge = 0.2, Scale = true });
        Assert.That(json.GetProperty("eigenvalues").EnumerateArray().Select(value => value.GetDouble()), Is.EqualTo(expected.Eigenvalues).AsCollection.Within(1e-12));
        Assert.That(MultiviewCorrelation.Load(_folder["m.npz"]).Eigenvalues, Is.EqualTo(expected.Eigenvalues).AsCollection.Within(1e-12));
        CliRun.Of("mcca", _folder["0.npy"], _folder["1.npy"], "--shrinkage", "1.5").Failed(ExitCode.Usage, "from 0 to 1");
        CliRun.Of("mcca", _folder["0.npy"], _folder["1.npy"], "--save", _folder["m.npy"]).Failed(ExitCode.Usage, "must end in .npz");
    }

    [Test]
    public void What_was_typed_wrong_is_told_in_a_line()
    {
        CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "rbf", "--regularization", "2").Failed(ExitCode.Usage, "hardoon's is 0 to 1");
        CliRun.Of("kcca", _folder["0.npy"], _folder["1.npy"], "--kernel", "precomputed", "--device", "host").Failed(ExitCode.Data, "square");
        CliRun.Of("mcca", _folder["0.npy"], _folder["1.npy"], "--ridge", "-1").Failed(ExitCode.Usage, "0 or more");
    }
}
