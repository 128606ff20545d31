using System.Numerics.Tensors;
using System.Text.Json;
using System.Xml.Linq;
using FusionKernels.Cli;
using FusionKernels.Tests.Fusion;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class FuseCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        Views views = FusionData.Halves(60, 2, 2);
        string[] labels = [.. views.Labels!.Select(label => "abcd"[label].ToString())];
        for (int m = 0; m < 2; m++) Npy.Write(_folder[$"v{m}.npy"], Values(views, m));
        File.WriteAllText(_folder["y.csv"], string.Join('\n', labels) + "\n");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Json_has_rows_of_strategies_and_the_page_is_written()
    {
        JsonElement json = Fuse("--strategy", "kernel-mean,soft-vote", "--folds", "2", "--missing", ".5", "--report", _folder["r.html"], "--json").Succeeded().Json;
        Assert.That(json.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("name").GetString()), Is.EqualTo((string[])["majority class", "v0", "v1", "kernel-mean", "soft-vote"]));
        JsonElement mean = json.GetProperty("results")[3];
        Assert.That(mean.GetProperty("score").GetDouble(), Is.GreaterThan(0.8));
        Assert.That((mean.GetProperty("missing").GetArrayLength(), mean.GetProperty("weights").GetArrayLength(), mean.GetProperty("folds").GetArrayLength()), Is.EqualTo((1, 2, 2)));
        _ = XDocument.Parse(File.ReadAllText(_folder["r.html"]));
        Assert.That(Fuse("--strategy", "kernel-mean", "--test-from", "40").Succeeded().Output, Does.Contain("kernel-mean").And.Contain("one split"));
    }

    [TestCase("kernel-mean")]
    [TestCase("stacking")]
    [TestCase("concat")]
    [TestCase("gated")]
    public void A_saved_model_predicts_as_the_fitted_one(string strategy)
    {
        Fuse("--strategy", strategy, "--folds", "2", "--save", _folder["m.npz"]).Succeeded();
        JsonElement json = CliRun.Of("predict", _folder["m.npz"], "--view", $"v0={_folder["v0.npy"]}", "--view", $"v1={_folder["v1.npy"]}", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "strategy", "views", "rows", "classes", "labels", "probabilities", "values");
        Views views = FusionData.Halves(60, 2, 2);
        int[] expected = FusionStrategy.Named(strategy).Fit(views).Predict(views);
        Assert.That(json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()), Is.EqualTo(expected.Select(label => "abcd"[label].ToString())));
        Assert.That(json.GetProperty("probabilities").GetArrayLength(), Is.EqualTo(60));

        // From one view alone, to a file.
        CliRun.Of("predict", _folder["m.npz"], "--view", $"v1={_folder["v1.npy"]}", "--output", _folder["p.csv"]).Succeeded();
        string[] lines = File.ReadAllLines(_folder["p.csv"]);
        Assert.That((lines[0], lines.Length), Is.EqualTo(("class,a,b,c,d", 61)));
    }

    [Test]
    public void A_saved_model_of_landmarks_predicts_as_the_fitted_one()
    {
        JsonElement fused = Fuse("--strategy", "alignf", "--landmarks", "20", "--seed", "3", "--folds", "2", "--missing", ".5", "--save", _folder["m.npz"], "--json").Succeeded().Json;
        Assert.That(fused.GetProperty("results")[3].GetProperty("score").GetDouble(), Is.GreaterThan(0.7));
        JsonElement json = CliRun.Of("predict", _folder["m.npz"], "--view", $"v0={_folder["v0.npy"]}", "--view", $"v1={_folder["v1.npy"]}", "--json").Succeeded().Json;
        Views views = FusionData.Halves(60, 2, 2);
        int[] expected = FusionStrategy.Kernel(KernelWeighting.AlignF, new() { Landmarks = 20, Seed = 3 }).Fit(views).Predict(views);
        Assert.That(json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()), Is.EqualTo(expected.Select(label => "abcd"[label].ToString())));
        Fuse("--landmarks", "0").Failed(ExitCode.Usage, "one row at least");
    }

    [Test]
    public void Series_gram_matrices_presence_and_targets_are_read()
    {
        File.WriteAllText(_folder["s.csv"], string.Join('\n', Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "1,2,3" : "3,2,1,0")) + "\n");
        Tensor<float> gram = Tensor.CreateFromShape<float>([60, 60]);
        for (int i = 0; i < 60; i++) gram.AsTensorSpan()[i, i] = 1;
        Npy.Write(_folder["g.npy"], gram);
        Tensor<float> holed = Npy.ReadAs<float>(_folder["v0.npy"]);
        holed.AsTensorSpan()[7, 0] = float.NaN;
        Npy.Write(_folder["v0.npy"], holed);
        Npy.Write(_folder["p.npy"], Tensor.Create([.. Enumerable.Range(0, 180).Select(at => at == 21 ? 0.0 : 1)], [60, 3]));
        File.WriteAllText(_folder["t.csv"], string.Join('\n', Enumerable.Range(0, 60).Select(i => $"{i % 2}")) + "\n");
        JsonElement json = CliRun.Of(
            "fuse", "--view", $"x={_folder["v0.npy"]}", "--series", $"s={_folder["s.csv"]}", "--gram", $"g={_folder["g.npy"]}",
            "--targets", _folder["t.csv"], "--presence", _folder["p.npy"], "--strategy", "kernel-mean", "--folds", "2", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("measure").GetString(), Is.EqualTo("rmse"));
        Assert.That(json.GetProperty("results")[4].GetProperty("score").GetDouble(), Is.LessThan(0.4));
    }

    /// <summary>Ctrl-C later and later, until it comes between the first row and the last.</summary>
    [Test]
    public void Ctrl_c_keeps_the_rows_that_are_there()
    {
        CliRun run;
        int delay = 100;
        do
        {
            using CancellationTokenSource source = new();
            source.CancelAfter(delay *= 2);
            run = CliRun.Of(source.Token, ["fuse", "--view", $"v0={_folder["v0.npy"]}", "--view", $"v1={_folder["v1.npy"]}", "--labels", _folder["y.csv"], "--folds", "30", "--json"]);
            Assert.That(run.Code, Is.EqualTo(ExitCode.Cancelled));
        }
        while (run.Output.Length == 0 || run.Json.GetProperty("results").GetArrayLength() == 0);

        Assert.That(run.Json.GetProperty("isComplete").GetBoolean(), Is.False);
        Assert.That(run.Json.GetProperty("results")[0].GetProperty("name").GetString(), Is.EqualTo("majority class"));
        Assert.That(run.Error, Does.Contain("cancelled; the rows above are those that were done"));
    }

    [Test]
    public void A_strategy_that_is_named_is_judged_on_one_view_too()
    {
        JsonElement json = CliRun.Of("fuse", "--view", $"v0={_folder["v0.npy"]}", "--labels", _folder["y.csv"], "--strategy", "concat", "--folds", "2", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("name").GetString()), Is.EqualTo((string[])["majority class", "v0", "concat"]));
    }

    [Test]
    public void What_is_wrong_is_told_in_a_line()
    {
        Fuse("--strategy", "kernel-meen").Failed(ExitCode.Usage, "no strategy 'kernel-meen'", "did you mean 'kernel-mean'?");
        Fuse("--missing", "1.5").Failed(ExitCode.Usage, "--missing 1.5");
        Fuse("--save", _folder["m.npz"]).Failed(ExitCode.Usage, "name one --strategy");
        Fuse("--report", _folder["m.pdf"]).Failed(ExitCode.Usage, "must end in .html");
        Fuse("--folds", "1").Failed(ExitCode.Usage, "2 folds at least");
        CliRun.Of("fuse", "--labels", _folder["y.csv"]).Failed(ExitCode.Usage, "which views?");
        CliRun.Of("fuse", "--view", "x", "--labels", _folder["y.csv"]).Failed(ExitCode.Usage, "NAME=FILE");
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}").Failed(ExitCode.Usage, "--labels or --targets");
        Npy.Write(_folder["short.npy"], Tensor.Create(new float[4], [2, 2]));
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--view", $"y={_folder["short.npy"]}", "--labels", _folder["y.csv"])
            .Failed(ExitCode.Data, "view 'x' has 60 rows, 'y' has 2: rows must be aligned; pass a presence mask if some are absent");
        File.WriteAllText(_folder["few.csv"], "a\nb\n");
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--labels", _folder["few.csv"]).Failed(ExitCode.Data, "few.csv has 2 labels for the 60 rows");
        File.WriteAllText(_folder["lone.csv"], string.Join('\n', Enumerable.Range(0, 60).Select(i => i == 9 ? "z" : i % 2 == 0 ? "x" : "y")) + "\n");
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--labels", _folder["lone.csv"]).Failed(ExitCode.Data, "class 'z' has one row");
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--labels", _folder["lone.csv"], "--test-from", "40").Failed(ExitCode.Data, "class 'z' has one row");
        File.WriteAllText(_folder["one.csv"], string.Concat(Enumerable.Repeat("up\n", 60)));
        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--labels", _folder["one.csv"]).Failed(ExitCode.Data, "one.csv names one class, 'up', for all rows");
        foreach ((int columns, double value, string words) in new[] { (3, 1.0, "p.npy is 60 x 3; 60 rows of 2 views (v0, v1) need 60 x 2"), (2, 0.5, "p.npy: row 0, view 0 (from 0) is 0.5; 1 is present, 0 absent"), (2, 0, "view 'v0' is present in none of the 60 rows") })
        {
            Npy.Write(_folder["p.npy"], Tensor.Create([.. Enumerable.Repeat(value, 60 * columns)], [60, columns]));
            Fuse("--presence", _folder["p.npy"]).Failed(ExitCode.Data, words);
        }

        CliRun.Of("fuse", "--view", $"x={_folder["v0.npy"]}", "--gram", $"g={_folder["v1.npy"]}", "--labels", _folder["y.csv"]).Failed(ExitCode.Data, "view 'g' is a Gram matrix of 60 x 3: that of training rows is square");
        CliRun.Of("predict", _folder["v0.npy"], "--view", $"x={_folder["v0.npy"]}").Failed(ExitCode.Data, "v0.npy");
        Fuse("--strategy", "kernel-mean", "--folds", "2", "--save", _folder["m.npz"]).Succeeded();
        CliRun.Of("predict", _folder["m.npz"], "--view", $"w={_folder["v0.npy"]}").Failed(ExitCode.Data, "the model was fitted to v0, v1");
        CliRun.Of("predict", _folder["m.npz"], "--view", $"v0={_folder["v1.npy"]}").Failed(ExitCode.Data, "'v0' has 3 features; the model was fitted to 2");
        CliRun.Of("predict", _folder["m.npz"]).Failed(ExitCode.Usage, "which views?");
        File.WriteAllBytes(_folder["cut.npz"], File.ReadAllBytes(_folder["m.npz"])[..500]);
        CliRun.Of("predict", _folder["cut.npz"], "--view", $"v0={_folder["v0.npy"]}").Failed(ExitCode.Data, "cut.npz");
    }

    private static Tensor<float> Values(Views views, int m)
    {
        float[] values = new float[views.Rows * (2 + m)];
        for (int row = 0; row < views.Rows; row++) views[$"v{m}"].CopyRow(row, values.AsSpan(row * (2 + m), 2 + m));
        return Tensor.Create(values, [views.Rows, 2 + m]);
    }

    private CliRun Fuse(params string[] options) =>
        CliRun.Of(["fuse", "--view", $"v0={_folder["v0.npy"]}", "--view", $"v1={_folder["v1.npy"]}", "--labels", _folder["y.csv"], .. options]);
}
