using System.Text.Json;
using FusionKernels.Cli;
using FusionKernels.Tests.Correlation;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>The verb <c>cca</c>.</summary>
[Parallelizable]
public sealed class CcaCommandTests
{
    [Test]
    public void Linnerud_prints_the_published_figures()
    {
        string output = CliRun.Of("cca", "linnerud").Succeeded().Output;
        foreach (string figure in (string[])["0.795608", "0.200556", "0.072570", "0.35039053", "34.223", "0.0635", "loadings of x", "0.9254", "-0.8177"]) Assert.That(output, Does.Contain(figure));
    }

    [Test]
    public void Json_has_every_part()
    {
        JsonElement json = CliRun.Of("cca", "linnerud", "--permutations", "50", "--json").Succeeded().Json;
        CliRun.RequireMembers(
            json,
            "rows", "featuresX", "featuresY", "correlations", "components", "rank", "route", "reason", "condition",
            "wilks", "bartlett", "lawley", "pillai", "hotellingLawley", "roy", "note", "permutation",
            "xWeights", "yWeights", "xLoadings", "yLoadings", "redundancyX", "redundancyY", "device", "precision", "seconds");
        CliRun.RequireMembers(json.GetProperty("wilks")[0], "lambda", "f", "df1", "df2", "p");
        CliRun.RequireMembers(json.GetProperty("lawley")[0], "chi2", "df", "p");
        Assert.That(json.GetProperty("pillai").GetProperty("value").GetDouble(), Is.EqualTo(0.67848151).Within(5e-9));
        Assert.That(json.GetProperty("permutation").GetProperty("p").GetArrayLength(), Is.EqualTo(3));
    }

    [Test]
    public void Correlations_and_rows_are_drawn()
    {
        using TemporaryFolder folder = new();
        CliRun.Of("cca", "linnerud", "--plot", folder["c.svg"]).Succeeded();
        string svg = File.ReadAllText(folder["c.svg"]);
        System.Xml.Linq.XDocument.Parse(svg);
        Assert.That(svg, Does.Contain("<title>1: 0.796, p = 0.064</title>").And.Contain("variate of physiological").And.Contain("r = 0.796"));
        Assert.That(svg.Split("<circle").Length - 1, Is.EqualTo(20), "a point a row");
        CliRun.Of("cca", "linnerud", "--plot", folder["c.png"]).Failed(ExitCode.Usage, "must end in .svg");
    }

    [Test]
    public void Files_are_read_and_written_and_errors_are_one_line()
    {
        using TemporaryFolder folder = new();
        (double[,] x, double[,] y) = CorrelationData.Views(50, 4, 3, 2);
        Npy.Write(folder["x.npy"], CorrelationData.Tensor<float>(x));
        Npy.Write(folder["y.npy"], CorrelationData.Tensor<double>(y));
        Npy.Write(folder["short.npy"], CorrelationData.Tensor<double>(CorrelationData.RowRange(y, 0, 49)));
        CliRun.Of(
            "cca", folder["x.npy"], folder["y.npy"], "--components", "2", "--ridge", "0.1", "--device", "host", "--scores-x", folder["u.npy"], "--scores-y", folder["v.npy"], "--save", folder["m.npz"]).Succeeded();
        Assert.That(Npy.Read<double>(folder["u.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { 50, 2 }));
        Assert.That(CanonicalCorrelation.Load(folder["m.npz"]).Components, Is.EqualTo(2));
        CliRun.Of("cca", folder["x.npy"], folder["short.npy"], "--device", "host").Failed(ExitCode.Data, "50 rows", "49");
        CliRun.Of("cca", folder["x.npy"], folder["y.npy"], "--device", "host", "--components", "9").Failed(ExitCode.Data, "9 components", "at most 3");
        CliRun.Of("cca", folder["x.npy"], folder["y.npy"], "--ridge", "-1").Failed(ExitCode.Usage, "ridge");
        CliRun.Of("cca", folder["x.npy"]).Failed(ExitCode.Usage, "second view");
    }
}
