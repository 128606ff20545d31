using System.Numerics.Tensors;
using System.Text.Json;
using System.Xml.Linq;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary><c>moving</c>.</summary>
[Parallelizable]
internal sealed class MovingCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("x.csv", "1,10\n3,10\n5,40\n1,10\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    // By hand, channel by channel: windows of two samples of 1 3 5 1 and of 10 10 40 10.
    [TestCase("mean", new[] { 2.0, 10, 4, 25, 3, 25 })]
    [TestCase("deviation", new[] { 1.0, 0, 1, 15, 2, 15 })]
    [TestCase("minimum", new[] { 1.0, 10, 3, 10, 1, 10 })]
    [TestCase("maximum", new[] { 3.0, 10, 5, 40, 5, 40 })]
    public void A_statistic_of_every_window_is_written_channel_by_channel(string statistic, double[] expected)
    {
        JsonElement json = CliRun.Of("moving", _folder["x.csv"], "--window", "2", "--statistic", statistic, "--output", _folder["m.npy"], "--precision", "float64", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "windows", "channels", "least", "greatest", "device", "seconds");
        Assert.That((json.GetProperty("windows").GetInt32(), json.GetProperty("channels").GetInt32()), Is.EqualTo((3, 2)));
        Assert.That((json.GetProperty("least").GetDouble(), json.GetProperty("greatest").GetDouble()), Is.EqualTo((expected.Min(), expected.Max())));
        Tensor<double> written = Npy.Read<double>(_folder["m.npy"]);
        Assert.That(written.Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 2 }));
        Assert.That(written.ToArray(), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Text_is_written_and_the_first_channel_drawn()
    {
        CliRun run = CliRun.Of("moving", _folder["x.csv"], "--window", "3", "--output", _folder["m.csv"], "--plot", _folder["p.svg"]).Succeeded();
        Assert.That(run.Output, Does.Contain("Mean of 2 windows, 3 to 20"));
        Assert.That(File.ReadAllLines(_folder["m.csv"]), Is.EqualTo<string>(["3,20", "3,20"]));
        XElement svg = XDocument.Load(_folder["p.svg"]).Root!;
        Assert.That(svg.Value, Does.Contain("Moving windows of 3 samples"));
        string[] bands = [.. svg.Descendants().Where(element => element.Name.LocalName == "polygon").Select(band => band.Attribute("points")!.Value.Trim())];
        Assert.That(bands.Select(band => band.Split(' ').Length), Is.EqualTo<int>([4, 4]), "two windows there and back: the envelope and the deviations");
    }

    [TestCase("moving X", "--window")]
    [TestCase("moving X --window 0", "--window 0", "1 sample or more")]
    [TestCase("moving X --window 5", "--window 5", "only 4 samples")]
    [TestCase("moving X --window 2 --output m.txt", ".npy")]
    [TestCase("moving X --window 2 --plot p.png", ".svg")]
    public void What_was_typed_wrong_is_told_in_a_line(string line, params string[] words) =>
        CliRun.Line(line.Replace("X", _folder["x.csv"], StringComparison.Ordinal)).Failed(ExitCode.Usage, words);
}
