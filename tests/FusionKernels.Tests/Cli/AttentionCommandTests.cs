using System.Numerics.Tensors;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class AttentionCommandTests
{
    private static readonly string[] s_results = ["lse", "weights", "dq", "dk", "dv", "dbias"];
    private static readonly double[] s_weights = [0.75, 0.25, 0, 0.75, 0.25, 0], s_biasGradient = [-0.1875, 0.1875, 0];
    private static readonly double[] s_output = [1.25, 1.25], s_queryGradient = [0.1875, 0], s_keyGradient = [0, 0, 0], s_valueGradient = [0.75, 0.25, 0];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        Npy.Write(_folder["q.npy"], Tensor.CreateFromShape<double>([2, 1]));
        Npy.Write(_folder["k.npy"], Tensor.Create([1.0, 2, 3], [3, 1]));
        Npy.Write(_folder["v.npy"], Tensor.Create([1.0, 2, 4], [3, 1]));
        Npy.Write(_folder["g.npy"], Tensor.Create([1.0, 0], [2, 1]));
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Queries_of_zero_average_what_they_see()
    {
        (string Options, double[] Expected)[] cases =
        [
            ("", [7 / 3.0, 7 / 3.0]), ("--causal top-left", [1, 1.5]), ("--causal bottom-right --window-left 0", [2, 4]), ("--key-lengths 2", [1.5, 1.5]), ("--window-left 0 --window-right 0", [1, 2]),
        ];
        foreach ((string options, double[] expected) in cases)
        {
            CliRun.Of([.. Operands, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Succeeded();
            Assert.That(Read("o.npy"), Is.EqualTo(expected).Within(1e-15), options);
        }
    }

    [Test]
    public void Rules_of_scores_are_those_of_the_library()
    {
        Tensor<double> q = Tensor.Create([1.0, -2], [2, 1]), k = Tensor.Create([1.0, 2, 3], [3, 1]), v = Tensor.Create([1.0, 2, 4], [3, 1]);
        Npy.Write(_folder["q.npy"], q);
        (string Options, AttentionOptions Expected)[] cases =
        [
            ("--scale 0.5", new() { Scale = 0.5 }), ("--softcap 1.5", new() { SoftCap = 1.5 }), ("--alibi 0.25", new() { AlibiSlopes = [0.25] }),
            ("--causal top-left --prefix 2", new() { Causal = CausalAlignment.TopLeft, Prefix = 2 }), ("--causal none --window-left 1", new() { WindowLeft = 1 }),
            ("--window-right 1 --scale 2 --softcap 3 --alibi 0.125 --key-lengths 2", new() { WindowRight = 1, Scale = 2, SoftCap = 3, AlibiSlopes = [0.125], KeyLengths = [2] }),
        ];
        foreach ((string options, AttentionOptions expected) in cases)
        {
            CliRun.Of([.. Operands, .. options.Split(' ')]).Succeeded();
            Assert.That(Read("o.npy"), Is.EqualTo(Attention.Forward(q, k, v, expected).ToArray()), options);
        }
    }

    [Test]
    public void Dropout_scales_what_it_keeps_by_its_seed()
    {
        CliRun.Of([.. Operands, "--dropout", "0.5", "--seed", "3", "--weights", _folder["w.npy"]]).Succeeded();
        Tensor<double> q = Tensor.CreateFromShape<double>([2, 1]), k = Tensor.Create([1.0, 2, 3], [3, 1]);
        double[] written = Read("w.npy");
        Assert.That(written, Is.EqualTo(Attention.Weights(q, k, new() { Dropout = 0.5, Seed = 3 }).ToArray()));
        Assert.That(written.All(weight => weight == 0 || Math.Abs(weight - (2 / 3.0)) < 1e-15));
    }

    [Test]
    public void Everything_that_is_asked_for_is_written()
    {
        Npy.Write(_folder["m.npy"], Tensor.Create([1.0, 1, 0], [3]));
        Npy.Write(_folder["b.npy"], Tensor.Create([Math.Log(3), 0, 0], [3]));
        string[] files = [.. s_results.SelectMany(name => new[] { $"--{name}", _folder[$"{name}.npy"] })];
        CliRun run = CliRun.Of([.. Operands, "--mask", _folder["m.npy"], "--bias", _folder["b.npy"], "--gradient", _folder["g.npy"], .. files, "--plot", _folder["w.svg"], "--json"]).Succeeded();
        CliRun.RequireMembers(run.Json, "batch", "heads", "queries", "keys", "width", "device", "seconds", "gflops", "peakBytes");
        Assert.That((run.Json.GetProperty("queries").GetInt32(), run.Json.GetProperty("keys").GetInt32(), run.Json.GetProperty("device").GetString()), Is.EqualTo((2, 3, "host")));
        Assert.That(Read("o.npy"), Is.EqualTo(s_output).Within(1e-15));
        Assert.That(Read("lse.npy"), Is.EqualTo(new[] { Math.Log(4), Math.Log(4) }).Within(1e-15));
        Assert.That(Read("weights.npy"), Is.EqualTo(s_weights).Within(1e-15));
        Assert.That(Read("dv.npy"), Is.EqualTo(s_valueGradient).Within(1e-15));

        // Weight times (value less the mean of values): 3/4 (1 - 5/4) and 1/4 (2 - 5/4), and times the key for the query.
        Assert.That(Read("dbias.npy"), Is.EqualTo(s_biasGradient).Within(1e-15));
        Assert.That(Read("dq.npy"), Is.EqualTo(s_queryGradient).Within(1e-15));
        Assert.That(Read("dk.npy"), Is.EqualTo(s_keyGradient));
        Assert.That(File.ReadAllText(_folder["w.svg"]), Does.StartWith("<svg").And.Contain("weight"));
    }

    [TestCase("ilgpu-cpu")]
    [TestCase("opencl")]
    public void A_named_device_runs_it_in_float32(string name)
    {
        if (!ComputeDevice.List().Any(device => device.Name.StartsWith(name, StringComparison.Ordinal))) Assert.Ignore($"there is no {name}");
        CliRun run = CliRun.Of("attention", _folder["q.npy"], _folder["k.npy"], _folder["v.npy"], "--output", _folder["o.npy"], "--bias", BiasFile(), "--device", name, "--json").Succeeded();
        Assert.That(run.Json.GetProperty("device").GetString(), Does.StartWith(name));
        Assert.That(Npy.ReadAs<double>(_folder["o.npy"]).ToArray(), Is.EqualTo(Host()).Within(1e-6));

        double[] Host()
        {
            CliRun.Of("attention", _folder["q.npy"], _folder["k.npy"], _folder["v.npy"], "--output", _folder["h.npy"], "--bias", BiasFile(), "--precision", "float64").Succeeded();
            return [.. Npy.ReadAs<double>(_folder["h.npy"])];
        }

        string BiasFile()
        {
            Npy.Write(_folder["b.npy"], Tensor.Create([Math.Log(3), 0, 0], [3]));
            return _folder["b.npy"];
        }
    }

    [Test]
    public void Every_rank_and_layout_is_taken()
    {
        foreach (nint[] shape in (nint[][])[[4, 3], [2, 4, 3], [3, 2, 4, 3]])
        {
            int elements = (int)shape.Aggregate((nint)1, (product, length) => product * length);
            Tensor<double> x = Tensor.Create([.. Enumerable.Range(0, elements).Select(i => Math.Sin(i))], shape);
            Npy.Write(_folder["x.npy"], x);
            foreach (string layout in (string[])["bhld", "blhd"])
            {
                CliRun run = CliRun.Of("attention", _folder["x.npy"], _folder["x.npy"], _folder["x.npy"], "--output", _folder["o.npy"], "--layout", layout, "--precision", "float64", "--json").Succeeded();
                Tensor<double> expected = Attention.Forward(x, x, x, new() { Layout = layout == "bhld" ? AttentionLayout.BatchHeadsLengthWidth : AttentionLayout.BatchLengthHeadsWidth });
                Assert.That(Npy.Read<double>(_folder["o.npy"]).SequenceEqual(expected), $"{shape.Length} {layout}");
                bool isTurned = layout == "blhd" && shape.Length > 2;
                Assert.That(run.Json.GetProperty("keys").GetInt32(), Is.EqualTo(isTurned ? 2 : 4));
                Assert.That(run.Json.GetProperty("heads").GetInt32(), Is.EqualTo(shape.Length == 2 ? 1 : isTurned ? 4 : 2));
                Assert.That(run.Json.GetProperty("batch").GetInt32(), Is.EqualTo(shape.Length == 4 ? 3 : 1));
            }
        }
    }

    [Test]
    public void Routes_and_formats_are_taken_by_name()
    {
        string[] operands = ["attention", _folder["q.npy"], _folder["k.npy"], _folder["v.npy"], "--output", _folder["o.npy"]];
        foreach (string route in (string[])["auto", "fused", "unfused"])
        {
            CliRun.Of([.. operands, "--route", route]).Succeeded();
            Assert.That(Npy.ReadAs<double>(_folder["o.npy"]).ToArray(), Is.EqualTo(new[] { 7 / 3.0, 7 / 3.0 }).Within(1e-6), route);
        }

        Npy.Write(_folder["v.npy"], Tensor.Create([1 + (1 / 1024.0), 1, 1], [3, 1]));
        foreach ((string format, double first) in ((string, double)[])[("float32", 1 + (1 / 1024.0)), ("float16", 1 + (1 / 1024.0)), ("bfloat16", 1)])
        {
            CliRun.Of([.. operands, "--storage", format]).Succeeded();
            Assert.That(Npy.ReadAs<double>(_folder["o.npy"])[0, 0], Is.EqualTo((first + 2) / 3).Within(1e-6), format);
        }

        CliRun.Of([.. operands, "--route", "both"]).Failed(ExitCode.Usage, "both");
        CliRun.Of([.. Operands, "--storage", "float16"]).Failed(ExitCode.Device, "float64 tensors are stored as they are");
    }

    [Test]
    public void Mistakes_are_told_in_a_line()
    {
        CliRun.Of([.. Operands, "--dq", _folder["dq.npy"]]).Failed(ExitCode.Usage, "need --gradient");
        CliRun.Of([.. Operands, "--gradient", _folder["g.npy"]]).Failed(ExitCode.Usage, "--gradient needs one of");
        CliRun.Of([.. Operands, "--gradient", _folder["g.npy"], "--dbias", _folder["db.npy"]]).Failed(ExitCode.Usage, "--dbias needs --bias");
        CliRun.Of([.. Operands, "--causal", "left"]).Failed(ExitCode.Usage, "left");
        CliRun.Of([.. Operands, "--layout", "hbld"]).Failed(ExitCode.Usage, "hbld");
        CliRun.Of([.. Operands, "--window-left", "-1"]).Failed(ExitCode.Usage, "--window-left");
        CliRun.Of([.. Operands, "--scale", "nan"]).Failed(ExitCode.Usage, "--scale");
        CliRun.Of([.. Operands, "--softcap", "-1"]).Failed(ExitCode.Usage, "--softcap -1: 0 or more is needed");
        CliRun.Of([.. Operands, "--dropout", "1"]).Failed(ExitCode.Usage, "--dropout 1: 0 to below 1 is needed");
        CliRun.Of([.. Operands, "--alibi", "0.5,a"]).Failed(ExitCode.Usage, "'a' is none of the numbers");
        CliRun.Of([.. Operands, "--alibi", "0.5,0.25"]).Failed(ExitCode.Data, "2 ALiBi slopes for 1 query heads");
        CliRun.Of([.. Operands, "--mask", _folder["v.npy"]]).Failed(ExitCode.Data, "'Mask' is 3 x 1; 1 x 1 x 2 x 3");
        CliRun.Of([.. Operands, "--bias", _folder["v.npy"]]).Failed(ExitCode.Data, "'bias' is 3 x 1; 1 x 1 x 2 x 3");
        CliRun.Of([.. Operands, "--lse", _folder["l.txt"]]).Failed(ExitCode.Usage, "l.txt");
        CliRun.Of([.. Operands, "--plot", _folder["w.png"]]).Failed(ExitCode.Usage, "w.png");
        CliRun.Of("attention", _folder["q.npy"], _folder["k.npy"], _folder["v.npy"]).Failed(ExitCode.Usage, "--output");
        CliRun.Of([.. Operands, "--key-lengths", "3,x"]).Failed(ExitCode.Usage, "'x' is none of the whole numbers");
        CliRun.Of([.. Operands, "--key-lengths", "4"]).Failed(ExitCode.Data, "the key length of item 0 is 4; 0 to 3");
        CliRun.Of([.. Operands, "--mask", _folder["g.npy"], "--device", "ilgpu-cpu"]).Failed(ExitCode.Device, "float64 runs on the host alone");
        CliRun.Of("attention", _folder["q.npy"], _folder["k.npy"], _folder["g.npy"], "--output", _folder["o.npy"]).Failed(ExitCode.Data, "k has 3 keys, v has 2 values");
        CliRun.Of("attention", _folder["q.npy"], _folder["k.npy"], _folder["none.npy"], "--output", _folder["o.npy"]).Failed(ExitCode.Data, "none.npy");
    }

    private string[] Operands => ["attention", _folder["q.npy"], _folder["k.npy"], _folder["v.npy"], "--output", _folder["o.npy"], "--precision", "float64"];

    private double[] Read(string name) => [.. Npy.Read<double>(_folder[name])];
}
