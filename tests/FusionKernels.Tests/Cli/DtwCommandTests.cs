using System.Numerics.Tensors;
using System.Text.Json;
using System.Xml.Linq;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class DtwCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("a.csv", "1\n2\n3\n5\n"u8);
        _folder.Write("b.csv", "1\n3\n3\n4\n6\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    // Best path by hand: 1-1, 2-3, 3-3, 3-4, 5-6 costs 0 + 1 + 0 + 1 + 1; with |d| the same.
    [TestCase("", 1.7320508075688772)]
    [TestCase("--no-root", 3)]
    [TestCase("--cost absolute", 3)]
    [TestCase("--cost euclidean --root", 1.7320508075688772)]
    [TestCase("--window 0", 1.7320508075688772)] // as wide as the lengths differ
    [TestCase("--open-begin --open-end --no-root", 2)]
    [TestCase("--psi 0,0,0,1 --no-root", 2)]
    [TestCase("--psi 0,1,0,2 --no-root", 2)]
    [TestCase("--preset dtaidistance", 1.7320508075688772)]
    [TestCase("--preset tslearn", 1.7320508075688772)]
    [TestCase("--preset aeon", 3)]
    [TestCase("--preset rdtw", 4)]
    [TestCase("--preset librosa", 3)]
    [TestCase("--step symmetric2 --no-root", 4)]
    [TestCase("--penalty 0.5 --no-root", 3.5)] // one step off the diagonal
    [TestCase("--preset dtaidistance --penalty 1", 2)] // and its penalty is squared
    public void Options_give_their_known_distance(string options, double expected)
    {
        foreach (string precision in new[] { "float64", "float32" })
        {
            JsonElement json = Dtw([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--precision", precision, "--json"]).Succeeded().Json;
            Assert.That(json.GetProperty("distance").GetDouble(), Is.EqualTo(expected).Within(precision == "float64" ? 1e-14 : 1e-6), precision);
        }
    }

    [Test]
    public void Json_tells_distance_path_and_device()
    {
        JsonElement json = Dtw("--no-root", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "distance", "normalizedDistance", "path", "device", "seconds");
        Assert.That(json.GetProperty("normalizedDistance").ValueKind, Is.EqualTo(JsonValueKind.Null), "symmetric1 names no lengths");
        Assert.That(json.GetProperty("device").GetString(), Is.EqualTo("host"));
        (int X, int Y)[] path = [.. json.GetProperty("path").EnumerateArray().Select(match => (match[0].GetInt32(), match[1].GetInt32()))];
        double[] a = [1, 2, 3, 5], b = [1, 3, 3, 4, 6];
        Assert.That((path[0], path[^1]), Is.EqualTo(((0, 0), (3, 4))));
        Assert.That(path.Sum(match => Math.Pow(a[match.X] - b[match.Y], 2)), Is.EqualTo(json.GetProperty("distance").GetDouble()));
    }

    [Test]
    public void What_float32_loses_is_told_on_request()
    {
        _folder.Write("tenths.csv", "0.1\n0.7\n0.3\n"u8);
        string[] line = ["dtw", _folder["tenths.csv"], _folder["b.csv"], "--precision", "float32", "--error"];
        JsonElement json = CliRun.Of([.. line, "--json"]).Succeeded().Json;
        CliRun.RequireMembers(json, "distance", "normalizedDistance", "path", "device", "seconds", "error");
        double exact = CliRun.Of("dtw", _folder["tenths.csv"], _folder["b.csv"], "--json").Succeeded().Json.GetProperty("distance").GetDouble();
        Assert.That(json.GetProperty("error").GetDouble(), Is.EqualTo(Math.Abs((double)json.GetProperty("distance").GetSingle() - exact)).And.InRange(1e-9, 1e-6));
        Assert.That(CliRun.Of(line).Succeeded().Output, Does.Contain("from float64"));
        Assert.That(Dtw("--step", "rigid", "--precision", "float32", "--error", "--json").Succeeded().Json.GetProperty("error").GetDouble(), Is.Zero, "no path in either");
    }

    [Test]
    public void Patterns_with_a_norm_give_the_normalised_distance()
    {
        JsonElement json = Dtw("--step", "symmetric2", "--cost", "absolute", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("normalizedDistance").GetDouble(), Is.EqualTo(json.GetProperty("distance").GetDouble() / 9).Within(1e-15));
        Assert.That(Dtw("--step", "symmetric2").Succeeded().Output, Does.Contain("normalised distance"));
    }

    [Test]
    public void No_path_is_an_infinite_distance_and_an_error_where_the_path_is_wanted()
    {
        JsonElement json = Dtw("--step", "rigid", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("distance").GetString(), Is.EqualTo("Infinity"));
        Assert.That(json.GetProperty("path").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Dtw("--step", "rigid").Succeeded().Output, Does.Contain("none: the window or the steps leave none"));
        Dtw("--step", "rigid", "--path", _folder["p.csv"]).Failed(ExitCode.Data, "--path", "no path leads through 4 x 5 samples", "widen the window");
        Dtw("--preset", "rdtw", "--window", "0", "--plot", _folder["p.svg"]).Failed(ExitCode.Data, "--plot", "no path");
        Assert.That(_folder.Names, Is.EquivalentTo(["a.csv", "b.csv"]));
    }

    [Test]
    public void Path_and_costs_are_written()
    {
        Dtw("--no-root", "--path", _folder["p.csv"], "--cost-matrix", _folder["c.npy"]).Succeeded();
        string[] lines = File.ReadAllLines(_folder["p.csv"]);
        Assert.That((lines[0], lines[1], lines[^1]), Is.EqualTo(("x,y", "0,0", "3,4")));
        Tensor<double> costs = Npy.Read<double>(_folder["c.npy"]);
        Assert.That(costs.Lengths.ToArray(), Is.EqualTo(new nint[] { 4, 5 }));
        Assert.That((costs[0, 0], costs[0, 4], costs[3, 4]), Is.EqualTo((0.0, 42.0, 3.0)));
    }

    [TestCase("")]
    [TestCase("--window 1")]
    [TestCase("--itakura 3")]
    [TestCase("--open-begin --open-end")]
    [TestCase("--step symmetricP05")]
    public void A_drawing_is_well_formed(string options)
    {
        string file = _folder["p.svg"];
        Dtw([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--plot", file]).Succeeded();
        XElement svg = XDocument.Load(file).Root!;
        Assert.That(svg.Name.LocalName, Is.EqualTo("svg"));
        Assert.That(svg.Descendants().Count(element => element.Name.LocalName == "image"), Is.EqualTo(1));
        Assert.That(svg.Value, Does.Contain("a.csv, 4 samples").And.Contain("b.csv, 5 samples"));
        Assert.That(File.ReadAllText(file), Does.Not.Contain("NaN"));
    }

    [Test]
    public void A_series_of_one_sample_and_a_constant_one_can_be_drawn()
    {
        string one = _folder.Write("one.csv", "7\n"u8), flat = _folder.Write("flat.csv", "7\n7\n7\n"u8);
        CliRun.Of("dtw", one, flat, "--plot", _folder["p.svg"]).Succeeded();
        Assert.That(XDocument.Load(_folder["p.svg"]).ToString(), Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
    }

    [Test]
    public void Channels_are_aligned_as_vectors_or_one_by_one()
    {
        string a = _folder.Write("a2.csv", "0,1\n1,0\n2,0\n"u8), b = _folder.Write("b2.csv", "0,1\n2,1\n2,0\n"u8);
        Assert.That(CliRun.Of("dtw", a, b, "--no-root", "--json").Succeeded().Json.GetProperty("distance").GetDouble(), Is.EqualTo(2));
        JsonElement apart = CliRun.Of("dtw", a, b, "--no-root", "--independent", "--json").Succeeded().Json;
        Assert.That(apart.GetProperty("distance").GetDouble(), Is.EqualTo(1));
        Assert.That(apart.GetProperty("path").ValueKind, Is.EqualTo(JsonValueKind.Null));
        CliRun.Of("dtw", a, b, "--independent", "--path", _folder["p.csv"]).Failed(ExitCode.Usage, "--path", "a path each", "--independent");
    }

    [TestCase("symmetric1")]
    [TestCase("asymmetric")]
    public void Accelerators_write_the_files_that_the_host_writes(string step)
    {
        foreach (string device in new[] { "host", "ilgpu-cpu" })
        {
            JsonElement json = Dtw(
                "--step", step, "--device", device, "--json", "--path", _folder[$"{device}.csv"], "--cost-matrix", _folder[$"{device}.npy"], "--plot", _folder[$"{device}.svg"]).Succeeded().Json;
            Assert.That((json.GetProperty("device").GetString(), json.GetProperty("path").ValueKind), Is.EqualTo((device, JsonValueKind.Array)));
        }

        foreach (string kind in new[] { "csv", "npy", "svg" }) Assert.That(File.ReadAllBytes(_folder[$"ilgpu-cpu.{kind}"]), Is.EqualTo(File.ReadAllBytes(_folder[$"host.{kind}"])), kind);
    }

    [Test]
    public void Costs_that_memory_cannot_hold_are_refused_with_their_bytes()
    {
        Npy.Write(_folder["long.npy"], Tensor.CreateFromShape<float>([1_000_000]));
        CliRun.Of("dtw", _folder["long.npy"], _folder["long.npy"], "--cost-matrix", _folder["c.npy"])
            .Failed(ExitCode.Data, "1000000 x 1000000", "8,000,000,000,000 bytes", "--path");
    }

    [TestCase("--window 2 --itakura 2", "--window and --itakura", "one of them")]
    [TestCase("--window 2 --slanted 2 --preset aeon", "--window and --slanted")]
    [TestCase("--window -1", "--window -1", "0 or more")]
    [TestCase("--window-fraction 1.5", "--window-fraction 1.5", "0 to 1")]
    [TestCase("--itakura 0.5", "--itakura 0.5", "1 or more")]
    [TestCase("--slanted x", "--slanted x", "whole number")]
    [TestCase("--step symetric2", "'symetric2' is no step pattern", "did you mean 'symmetric2'?")]
    [TestCase("--step wavelet", "wavelet", "take one of symmetric1")]
    [TestCase("--cost squared", "did you mean 'squared-euclidean'?")]
    [TestCase("--cost manhattan", "'manhattan' is no cost", "absolute")]
    [TestCase("--root --no-root", "contradict")]
    [TestCase("--psi 1,2,3", "--psi 1,2,3", "four whole numbers")]
    [TestCase("--psi 0,0,-1,0", "--psi 0,0,-1,0", "four whole numbers")]
    [TestCase("--psi 0,0,1,1 --open-end", "--psi and --open-end")]
    [TestCase("--preset dtaidistanc", "did you mean 'dtaidistance'?")]
    [TestCase("--preset aeon --window 3", "--preset aeon does not take --window", "--window-fraction")]
    [TestCase("--preset rdtw --open-end", "--preset rdtw", "asymmetric")]
    [TestCase("--preset dtaidistance --cost absolute", "squared-euclidean and euclidean")]
    [TestCase("--preset librosa --open-begin", "--open-begin and --open-end, or neither")]
    [TestCase("--penalty -1", "Penalty is -1")]
    [TestCase("--penalty 1 --step symmetric2", "Penalty", "Symmetric1")]
    [TestCase("--preset aeon --penalty 1", "--preset aeon does not take --penalty")]
    [TestCase("--missing ignore", "ignore", "skip")]
    [TestCase("--error", "--error tells what float32 loses", "--precision float32")]
    [TestCase("--independent --cost cosine", "cosine")]
    [TestCase("--plot p.png", "--plot p.png", ".svg")]
    [TestCase("--path p.txt", "--path p.txt", ".csv")]
    [TestCase("--features mfcc", "--features mfcc is for .wav files")]
    [TestCase("--features spectrum", "spectrum")]
    public void A_wrong_command_line_is_told_in_one_line(string options, params string[] words) => Dtw(options.Split(' ')).Failed(ExitCode.Usage, words);

    [Test]
    public void Missing_samples_are_refused_spread_or_skipped_and_counted()
    {
        string holed = _folder.Write("holed.csv", "1,5\nnan,6\n3,\n5,8\n"u8), whole = _folder.Write("whole.csv", "1,5\n2,7\n3,7\n5,9\n"u8);
        string[] dtw = ["dtw", holed, whole, "--window", "0", "--no-root"];
        CliRun.Of(dtw).Failed(ExitCode.Data, "holed.csv, line 3, column 2", "an empty cell");

        // Of the diagonal the cells 0, (6 - 7)^2, 0 and (8 - 9)^2 are there.
        JsonElement skipped = CliRun.Of([.. dtw, "--missing", "skip", "--json"]).Succeeded().Json;
        CliRun.RequireMembers(skipped, "distance", "normalizedDistance", "path", "device", "seconds", "skippedValues");
        Assert.That((skipped.GetProperty("distance").GetDouble(), skipped.GetProperty("skippedValues").GetInt32()), Is.EqualTo((2.0, 2)));
        Assert.That(CliRun.Of([.. dtw, "--missing", "skip", "--plot", _folder["p.svg"]]).Succeeded().Output, Does.Contain("missing values"));
        Assert.That(XDocument.Load(_folder["p.svg"]).ToString(), Does.Not.Contain("NaN"));
        JsonElement spread = CliRun.Of([.. dtw, "--missing", "propagate", "--json"]).Succeeded().Json;
        Assert.That((spread.GetProperty("distance").GetString(), spread.GetProperty("path").ValueKind), Is.EqualTo(("NaN", JsonValueKind.Null)));
        CliRun.Of([.. dtw, "--missing", "propagate", "--path", _folder["p.csv"]]).Failed(ExitCode.Data, "--path", "a sample is missing", "--missing skip");
        _folder.Write("endless.csv", "1,5\ninf,6\n"u8);
        CliRun.Of("dtw", _folder["endless.csv"], whole, "--missing", "skip").Failed(ExitCode.Data, "endless.csv: time 1, channel 0", "NaN alone can be skipped");
    }

    [Test]
    public void Bad_series_are_told_with_their_place()
    {
        string wide = _folder.Write("wide.csv", "1,2\n3,4\n"u8);
        Npy.Write(_folder["hole.npy"], Tensor.Create([1f, float.NaN, 2f]));
        CliRun.Of("dtw", _folder["nowhere.csv"], wide).Failed(ExitCode.Data, "nowhere.csv: no such file");
        CliRun.Of("dtw", _folder["a.csv"], wide).Failed(ExitCode.Data, "a.csv has 1 channels", "wide.csv has 2");
        CliRun.Of("dtw", _folder["a.csv"], _folder["hole.npy"]).Failed(ExitCode.Data, "hole.npy: time 1, channel 0", "NaN");
        CliRun.Of("dtw", _folder["a.csv"], _folder["a.csv"], "--path", _folder["a.csv"]).Failed(ExitCode.Usage, "would overwrite an input");
        CliRun.Of("dtw", _folder["a.csv"], _folder["b.csv"], "--plot", _folder["absent/p.svg"]).Failed(ExitCode.Data, "--plot", "there is no folder");
    }

    private CliRun Dtw(params string[] options) => CliRun.Of(["dtw", _folder["a.csv"], _folder["b.csv"], .. options]);
}
