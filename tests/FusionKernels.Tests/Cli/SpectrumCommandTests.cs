using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary><c>eigen</c> and <c>svd</c>.</summary>
[Parallelizable]
internal sealed class SpectrumCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("s.csv", "4,1,0\n1,3,1\n0,1,2\n"u8); // 3, and 3 more or less the root of 3
        _folder.Write("a.csv", "3,0\n0,4\n0,0\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Eigenvalues_are_told_and_vectors_written()
    {
        JsonElement json = CliRun.Of("eigen", _folder["s.csv"], "--top", "2", "--vectors", _folder["v.npy"], "--values", _folder["w.npy"], "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "values", "rank", "route", "device", "precision", "seconds", "residual");
        Assert.That(json.GetProperty("values")[0].GetDouble(), Is.EqualTo(3 + Math.Sqrt(3)).Within(1e-14));
        Assert.That(json.GetProperty("values")[1].GetDouble(), Is.EqualTo(3).Within(1e-14));
        Assert.That(json.GetProperty("residual").GetDouble(), Is.LessThan(1e-14));
        Assert.That(Npy.Read<double>(_folder["v.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 2 }));
        Assert.That(Npy.Read<double>(_folder["w.npy"])[1], Is.EqualTo(3).Within(1e-14));
    }

    [Test]
    public void Singular_values_are_told_and_both_sides_written()
    {
        JsonElement json = CliRun.Of("svd", _folder["a.csv"], "--left", _folder["u.npy"], "--right", _folder["v.npy"], "--precision", "float32", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), Is.EqualTo<double>([4, 3]).Within(1e-6));
        Assert.That((json.GetProperty("rank").GetInt32(), json.GetProperty("precision").GetString()), Is.EqualTo((2, "float32")));
        Assert.That(Npy.Read<float>(_folder["u.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 2 }));
        Assert.That(Npy.Read<float>(_folder["v.npy"])[1, 0], Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void A_spectrum_is_drawn_with_its_signs_and_what_is_rounding()
    {
        _folder.Write("d.csv", "5,0,0\n0,-2,0\n0,0,0\n"u8);
        CliRun.Of("eigen", _folder["d.csv"], "--plot", _folder["e.svg"]).Succeeded();
        string svg = File.ReadAllText(_folder["e.svg"]);
        System.Xml.Linq.XDocument.Parse(svg);
        Assert.That(svg, Does.Contain("Eigenvalues of d.csv, 3 x 3").And.Contain("negative ones hollow").And.Contain("rounding grey").And.Contain("<title>1: 5"));
        Assert.That(svg.Split("<circle").Length - 1, Is.EqualTo(3));
        CliRun.Of("svd", _folder["a.csv"], "--plot", _folder["s.svg"], "--top", "1").Succeeded();
        Assert.That(File.ReadAllText(_folder["s.svg"]), Does.Contain("Singular values of a.csv, 3 x 2").And.Not.Contain("hollow").And.Not.Contain("grey"));
        CliRun.Of("svd", _folder["a.csv"], "--plot", _folder["s.png"]).Failed(ExitCode.Usage, "must end in .svg");
    }

    [Test]
    public void A_matrix_of_zeros_is_drawn()
    {
        _folder.Write("z.csv", "0,0\n0,0\n"u8);
        CliRun.Of("svd", _folder["z.csv"], "--plot", _folder["z.svg"]).Succeeded();
        string svg = File.ReadAllText(_folder["z.svg"]);
        System.Xml.Linq.XDocument.Parse(svg);
        Assert.That(svg, Does.Not.Contain("NaN").And.Not.Contain("Infinity").And.Not.Contain("∞"));
    }

    [Test]
    public void What_does_not_fit_is_one_line()
    {
        _folder.Write("skew.csv", "4,1\n2,3\n"u8);
        _folder.Write("hole.csv", "4,nan\n2,3\n"u8);
        CliRun.Of("eigen", _folder["a.csv"]).Failed(ExitCode.Data, "a.csv is 3 x 2", "square");
        CliRun.Of("eigen", _folder["skew.csv"]).Failed(ExitCode.Data, "skew.csv", "not symmetric: [1, 0] is 2, [0, 1] is 1");
        CliRun.Of("svd", _folder["hole.csv"]).Failed(ExitCode.Data, "hole.csv: row 0, feature 1", "finite numbers are needed");
        CliRun.Of("svd", _folder["a.csv"], "--top", "3").Failed(ExitCode.Usage, "--top 3", "it has 2 values");
    }
}
