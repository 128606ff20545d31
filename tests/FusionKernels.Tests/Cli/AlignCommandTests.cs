using System.Numerics.Tensors;
using System.Text.Json;
using System.Xml.Linq;
using FusionKernels.Cli;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class AlignCommandTests
{
    private const int Rows = 60;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        (Tensor<float> a, Tensor<float> b) = LearnedData.Pair(1, Rows);
        Npy.Write(_folder["a.npy"], a);
        Npy.Write(_folder["b.npy"], b);
        File.WriteAllText(_folder["y.csv"], string.Join('\n', Enumerable.Range(0, Rows).Select(i => a[i, 0] > 0 ? "up" : "down")) + "\n");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("dcca", "--components", "2", "--epochs", "3")]
    [TestCase("contrastive", "--mode", "siglip", "--epochs", "3")]
    [TestCase("autoencoder", "--mode", "variational", "--epochs", "3")]
    [TestCase("autoencoder", "--mode", "split", "--epochs", "3")]
    [TestCase("adversarial", "--epochs", "3", "--hidden", "0")]
    [TestCase("graph", "--mode", "attention", "--epochs", "3")]
    [TestCase("attention", "--hidden", "16", "--components", "8", "--epochs", "3")]
    public void Every_method_fits_tells_and_writes(string method, params string[] options)
    {
        JsonElement json = Align(["--method", method, "--save", _folder["m.safetensors"], "--transform-a", _folder["u.npy"], "--transform-b", _folder["v.npy"], "--report", _folder["r.html"], "--json", .. options]).Succeeded().Json;
        CliRun.RequireMembers(
            json, "method", "rows", "featuresA", "featuresB", "components", "trainingRows", "heldRows", "epochs", "bestEpoch", "trainingLosses", "validationLosses", "relevantBy",
            "meanAveragePrecision", "recallAt1", "recallAt10", "chance", "figures", "device", "precision", "seconds", "isComplete");
        Assert.That((json.GetProperty("method").GetString(), json.GetProperty("trainingRows").GetInt32(), json.GetProperty("heldRows").GetInt32()), Is.EqualTo((method, 48, 12)));
        Assert.That((json.GetProperty("trainingLosses").GetArrayLength(), json.GetProperty("validationLosses").GetArrayLength(), json.GetProperty("isComplete").GetBoolean()), Is.EqualTo((3, 3, true)));
        Assert.That(json.GetProperty("figures").GetArrayLength(), method is "graph" or "attention" ? Is.Zero : Is.GreaterThan(0));
        Tensor<float> u = Npy.ReadAs<float>(_folder["u.npy"]), v = Npy.ReadAs<float>(_folder["v.npy"]);
        Assert.That((u.Lengths[0], v.Lengths[0], u.Lengths[1]), Is.EqualTo(((nint)Rows, (nint)Rows, v.Lengths[1])));
        string page = File.ReadAllText(_folder["r.html"]);
        _ = XDocument.Parse(page);
        Assert.That(page, Does.Contain("polyline").And.Contain("data:image/png").And.Contain("a.npy"));
        Tensor<float> a = Npy.ReadAs<float>(_folder["a.npy"]);
        Tensor<float> loaded = method switch
        {
            "dcca" => DeepCanonicalCorrelation.Load<float>(_folder["m.safetensors"]).TransformX(a),
            "contrastive" => ContrastiveAlignment.Load<float>(_folder["m.safetensors"]).TransformX(a),
            "adversarial" => AdversarialAlignment.Load<float>(_folder["m.safetensors"]).TransformX(a),
            "graph" => GraphAlignment.Load<float>(_folder["m.safetensors"]).TransformX(a),
            "attention" => CrossModalAlignment.Load<float>(_folder["m.safetensors"]).TransformX(a),
            _ => options[1] == "split" ? AutoencoderAlignment.Load<float>(_folder["m.safetensors"]).Reconstruct("b", "a", a) : AutoencoderAlignment.Load<float>(_folder["m.safetensors"]).Transform("a", a),
        };
        Assert.That(loaded, Is.EqualTo(u), "the saved model maps as the fitted one");
    }

    [Test]
    public void Labels_say_what_counts_as_found()
    {
        CliRun run = Align("--method", "contrastive", "--labels", _folder["y.csv"], "--epochs", "20", "--rate", ".01", "--components", "4", "--report", _folder["r.html"]).Succeeded();
        Assert.That(run.Output, Does.Contain("by labels").And.Contain("mean average precision").And.Contain("by chance"));
        Assert.That(File.ReadAllText(_folder["r.html"]), Does.Contain("ordered by class"));
        JsonElement json = Align("--method", "adversarial", "--labels", _folder["y.csv"], "--epochs", "30", "--rate", ".01", "--json").Succeeded().Json;
        Assert.That(json.GetProperty("relevantBy").GetString(), Is.EqualTo("labels"));
        Assert.That(json.GetProperty("meanAveragePrecision").GetProperty("aToB").GetDouble(), Is.GreaterThan(json.GetProperty("chance").GetDouble()));
    }

    [Test]
    public void Images_are_drawn_from_the_other_view()
    {
        Align("--method", "autoencoder", "--epochs", "2", "--images", _folder["g.png"], "--image-width", "1").Succeeded();
        byte[] png = File.ReadAllBytes(_folder["g.png"]);
        Assert.That(png.AsSpan(1, 3).SequenceEqual("PNG"u8));
        Align("--method", "autoencoder", "--images", _folder["g.png"]).Failed(ExitCode.Usage, "5 features of B are no whole rows of 2 pixels");
        Align("--method", "dcca", "--images", _folder["g.png"]).Failed(ExitCode.Usage, "dcca rebuilds nothing");
    }

    [Test]
    public void The_same_seed_gives_the_same_figures_and_a_checkpoint_goes_on()
    {
        string[] options = ["--method", "contrastive", "--seed", "7", "--json"];
        double[] whole = Losses([.. options, "--epochs", "4"]);
        Assert.That(Losses([.. options, "--epochs", "4", "--threads", "1"]), Is.EqualTo(whole));
        string checkpoint = _folder["c.safetensors"];
        Assert.That(Losses([.. options, "--epochs", "2", "--checkpoint", checkpoint]), Is.EqualTo(whole[..2]));
        Assert.That(Losses([.. options, "--epochs", "4", "--checkpoint", checkpoint]), Is.EqualTo(whole));
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..200]);
        Align([.. options, "--checkpoint", checkpoint]).Failed(ExitCode.Data, "c.safetensors");

        double[] Losses(string[] arguments) => [.. Align(arguments).Succeeded().Json.GetProperty("trainingLosses").EnumerateArray().Select(loss => loss.GetDouble())];
    }

    /// <summary>Ctrl-C once the checkpoint of the first epoch is there.</summary>
    [TestCase("dcca")]
    [TestCase("contrastive")]
    [TestCase("autoencoder")]
    [TestCase("adversarial")]
    [TestCase("graph")]
    [TestCase("attention")]
    public async Task Ctrl_c_keeps_the_best_weights(string method)
    {
        using CancellationTokenSource source = new();
        string checkpoint = _folder["c.safetensors"], model = _folder["m.safetensors"];
        Task<CliRun> training = Task.Run(() => CliRun.Of(
            source.Token, ["align", _folder["a.npy"], _folder["b.npy"], "--method", method, "--components", "4", "--epochs", "1000000", "--patience", "0", "--checkpoint", checkpoint, "--save", model, "--json"]));
        while (!File.Exists(checkpoint) && !training.IsCompleted) await Task.Delay(2);
        await source.CancelAsync();
        CliRun run = await training;
        Assert.That(run.Code, Is.EqualTo(ExitCode.Cancelled), run.Error);
        (int epochs, int best) = (run.Json.GetProperty("epochs").GetInt32(), run.Json.GetProperty("bestEpoch").GetInt32());
        Assert.That(run.Json.GetProperty("isComplete").GetBoolean(), Is.False);
        Assert.That(run.Error.Trim(), Is.EqualTo($"fusionkernels: stopped after epoch {epochs}; the weights of epoch {best} are kept"));
        using SafetensorsFile saved = SafetensorsFile.Open(model), last = SafetensorsFile.Open(checkpoint);
        Assert.That((saved.IntegerNote("best_epoch"), last.IntegerNote("best_epoch")), Is.EqualTo((best, best)));
        string[] kept = [.. last.Names.Where(name => name.StartsWith("best.", StringComparison.Ordinal))];
        Assert.That(kept, Is.Not.Empty);
        foreach (string name in kept)
        {
            string parameter = name["best.".Length..];
            int[] shape = [.. last.ShapeOf(name)!.Select(length => (int)length)];
            if (saved.ShapeOf(parameter) is not null) Assert.That(saved.ReadFinite<float>(parameter, shape), Is.EqualTo(last.ReadFinite<float>(name, shape)), parameter);
        }
    }

    [Test]
    public void What_is_wrong_is_told_in_a_line()
    {
        Align("--method", "dcaa").Failed(ExitCode.Usage, "no method 'dcaa'", "did you mean 'dcca'?");
        Align("--method", "dcca", "--mode", "nuclearnorn").Failed(ExitCode.Usage, "--mode nuclearnorn", "did you mean 'nuclearnorm'?");
        Align("--method", "adversarial", "--mode", "x").Failed(ExitCode.Usage, "adversarial has no modes");
        Align("--method", "graph", "--hidden", "6").Failed(ExitCode.Usage, "a multiple of 4");
        Align("--method", "attention", "--components", "6").Failed(ExitCode.Usage, "a multiple of 4");
        Align("--method", "contrastive", "--rate", "0").Failed(ExitCode.Usage, "--rate 0: a number above 0");
        Align("--method", "contrastive", "--hidden", "8,0").Failed(ExitCode.Usage, "0 stands alone");
        Align("--method", "contrastive", "--dropout", "1").Failed(ExitCode.Usage, "--dropout 1: a probability");
        Align("--method", "contrastive", "--epochs", "0").Failed(ExitCode.Usage, "one epoch at least");
        Align("--method", "contrastive", "--save", _folder["m.npz"]).Failed(ExitCode.Usage, "must end in .safetensors");
        Align("--method", "contrastive", "--transform-a", _folder["a.npy"]).Failed(ExitCode.Usage, "would overwrite an input");
        Align("--method", "dcca", "--batch", "1").Failed(ExitCode.Data, "a batch of 1 rows is too small");
        (Tensor<float> _, Tensor<float> longer) = LearnedData.Pair(1, Rows + 1);
        Npy.Write(_folder["long.npy"], longer);
        CliRun.Of("align", _folder["a.npy"], _folder["long.npy"], "--method", "dcca").Failed(ExitCode.Data, "a.npy has 60 rows", "long.npy has 61");
        Npy.Write(_folder["none.npy"], Tensor.Create(Array.Empty<float>(), [0, 3]));
        CliRun.Of("align", _folder["none.npy"], _folder["none.npy"], "--method", "contrastive").Failed(ExitCode.Data, "0 x 3: two rows and a feature");
        File.WriteAllText(_folder["few.csv"], "a\nb\n");
        Align("--method", "contrastive", "--labels", _folder["few.csv"]).Failed(ExitCode.Data, "few.csv has 2 labels for the 60 rows");
        File.WriteAllText(_folder["one.csv"], string.Concat(Enumerable.Repeat("up\n", Rows)));
        Align("--method", "contrastive", "--labels", _folder["one.csv"]).Failed(ExitCode.Data, "one.csv names one class, 'up', for all rows");
        CliRun.Of("align", _folder["a.npy"], _folder["b.npy"]).Failed(ExitCode.Usage, "--method");
    }

    private CliRun Align(params string[] options) => CliRun.Of(["align", _folder["a.npy"], _folder["b.npy"], .. options]);
}
