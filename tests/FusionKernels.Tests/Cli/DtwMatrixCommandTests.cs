using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class DtwMatrixCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        _folder.Write("x.csv", "1,2,3,5\n1,3,3,4,6\n0,0\n"u8);
        _folder.Write("y.csv", "1,2,3\n"u8);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void All_pairs_are_those_of_dtw()
    {
        JsonElement json = Matrix("--json", "--no-root").Succeeded().Json;
        CliRun.RequireMembers(json, "pairs", "cells", "seconds", "gcups", "peakBytes", "resumedRows");
        Assert.That((json.GetProperty("pairs").GetInt64(), json.GetProperty("cells").GetInt64()), Is.EqualTo((6, 16 + 25 + 4 + 20 + 8 + 10)));
        Assert.That(json.GetProperty("peakBytes").GetInt64(), Is.GreaterThan(0));
        Tensor<float> distances = Npy.Read<float>(_folder["d.npy"]);
        Assert.That(distances.Lengths.ToArray(), Is.EqualTo(new nint[] { 3, 3 }));
        Assert.That((distances[0, 0], distances[0, 1], distances[1, 0], distances[0, 2]), Is.EqualTo((0f, 3f, 3f, 39f)));
    }

    [Test]
    public void Two_sets_give_a_row_for_each_series_of_X()
    {
        string text = CliRun.Of("dtw-matrix", _folder["x.csv"], _folder["y.csv"], "--no-root", "--precision", "float64", "--output", _folder["d.npy"]).Succeeded().Output;
        Assert.That(text, Does.Contain("3 x 1").And.Contain("GCUPS").And.Contain("d.npy"));
        Tensor<double> distances = Npy.Read<double>(_folder["d.npy"]);
        Assert.That((distances[0, 0], distances[1, 0], distances[2, 0]), Is.EqualTo((4.0, 11.0, 14.0)));
    }

    [Test]
    public void Pairs_whose_directions_differ_count_twice()
    {
        JsonElement json = Matrix("--json", "--open-end").Succeeded().Json;
        Assert.That((json.GetProperty("pairs").GetInt64(), json.GetProperty("cells").GetInt64()), Is.EqualTo((9, (4 + 5 + 2) * (4 + 5 + 2))));
    }

    [Test]
    public void A_window_counts_its_cells_alone()
    {
        _folder.Write("equal.csv", "1,2,3,4\n4,3,2,1\n"u8);
        JsonElement json = CliRun.Of("dtw-matrix", _folder["equal.csv"], "--window", "0", "--output", _folder["d.npy"], "--json").Succeeded().Json;
        Assert.That(json.GetProperty("cells").GetInt64(), Is.EqualTo(3 * 4));
        Assert.That(Npy.Read<float>(_folder["d.npy"])[0, 1], Is.EqualTo(Math.Sqrt(20)).Within(1e-6));
    }

    [Test]
    public void Missing_samples_are_skipped_and_counted()
    {
        _folder.Write("holed.csv", "1,2,nan,5\n1,2,4,5\n,0,0,0\n"u8);
        string[] matrix = ["dtw-matrix", _folder["holed.csv"], "--window", "0", "--no-root", "--device", "host", "--output", _folder["d.npy"]];
        JsonElement json = CliRun.Of([.. matrix, "--missing", "skip", "--json"]).Succeeded().Json;
        Assert.That(json.GetProperty("skippedValues").GetInt32(), Is.EqualTo(2));
        Assert.That(Npy.Read<float>(_folder["d.npy"]).ToArray(), Is.EqualTo((float[])[0, 0, 29, 0, 0, 45, 29, 45, 0]));
        Assert.That(CliRun.Of([.. matrix, "--missing", "skip"]).Succeeded().Output, Does.Contain("2 missing values were skipped"));
        CliRun.Of([.. matrix, "--missing", "propagate"]).Succeeded();
        Assert.That(Npy.Read<float>(_folder["d.npy"]).ToArray().Count(float.IsNaN), Is.EqualTo(8), "all but the middle");
    }

    [Test]
    public void An_interrupted_run_goes_on()
    {
        Npy.Write(_folder["long.npy"], Tensor.Create([.. Enumerable.Range(0, 40 * 200).Select(i => (float)Math.Sin(i * i))], [40, 200]));
        using CancellationTokenSource interrupt = new();
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(_folder["d.npy"])!) { EnableRaisingEvents = true };
        watcher.Created += (_, _) => interrupt.Cancel();
        CliRun run = CliRun.Of(interrupt.Token, "dtw-matrix", _folder["long.npy"], "--threads", "1", "--precision", "float64", "--output", _folder["d.npy"]);
        if (run.Code != ExitCode.Success) run.Failed(ExitCode.Cancelled, "the same command goes on where this one stopped"); // else it was faster than the news
        watcher.EnableRaisingEvents = false;
        CliRun.Of("dtw-matrix", _folder["long.npy"], "--threads", "1", "--precision", "float64", "--output", _folder["d.npy"]).Succeeded();
        Assert.That(_folder.Names, Is.EquivalentTo(["x.csv", "y.csv", "long.npy", "d.npy"]));
        Assert.That(Npy.ReadHeader(_folder["d.npy"]).Shape, Is.EqualTo(new long[] { 40, 40 }));
    }

    [TestCase("--output d.txt", ".npy")]
    [TestCase("--output X", "must end in .npy")]
    [TestCase("--window 1 --window-fraction 0.1 --output D", "--window and --window-fraction")]
    public void A_wrong_command_line_is_told_in_one_line(string options, params string[] words) =>
        CliRun.Of(["dtw-matrix", _folder["x.csv"], .. options.Split(' ').Select(Place)]).Failed(ExitCode.Usage, words);

    [Test]
    public void Bad_sets_are_told()
    {
        CliRun.Of("dtw-matrix", _folder["y.csv"], "--output", _folder["d.npy"]).Failed(ExitCode.Data, "y.csv holds one series");
        Npy.Write(_folder["deep.npy"], Tensor.CreateFromShape<float>([2, 3, 2]));
        CliRun.Of("dtw-matrix", _folder["x.csv"], _folder["deep.npy"], "--output", _folder["d.npy"]).Failed(ExitCode.Data, "has 1 channels", "has 2");
        Npy.Write(_folder["hole.npy"], Tensor.Create([1f, 2f, 3f, float.PositiveInfinity], [2, 2]));
        CliRun.Of("dtw-matrix", _folder["hole.npy"], "--output", _folder["d.npy"]).Failed(ExitCode.Data, "hole.npy: series 1, time 1");
    }

    private CliRun Matrix(params string[] options) => CliRun.Of(["dtw-matrix", _folder["x.csv"], "--device", "host", "--output", _folder["d.npy"], .. options]);

    private string Place(string word) => word switch
    {
        "X" => _folder["x.csv"],
        "D" => _folder["d.npy"],
        _ => word,
    };
}
