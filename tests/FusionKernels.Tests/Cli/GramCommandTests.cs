using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class GramCommandTests
{
    private static readonly double s_matern32 = (1 + Math.Sqrt(3)) * Math.Exp(-Math.Sqrt(3));

    /// <summary>scikit-learn's doctests use these two matrices; squared distances 1, 2, 2, 1.</summary>
    private static readonly double[] s_x = [0, 0, 0, 1, 1, 1], s_y = [1, 0, 0, 1, 1, 0];

    private TemporaryFolder _folder = null!;

    private static IEnumerable<TestCaseData> Known()
    {
        yield return new("linear", new double[] { 0, 0, 1, 2 });
        yield return new("polynomial --degree 2", new[] { 1, 1, 16.0 / 9, 25.0 / 9 });
        yield return new("polynomial --gamma 0.5 --coef0 2 --degree 3", new[] { 8, 8, 15.625, 27 });
        yield return new("rbf", new[] { Math.Exp(-1.0 / 3), Math.Exp(-2.0 / 3), Math.Exp(-2.0 / 3), Math.Exp(-1.0 / 3) });
        yield return new("laplacian", new[] { Math.Exp(-1.0 / 3), Math.Exp(-2.0 / 3), Math.Exp(-2.0 / 3), Math.Exp(-1.0 / 3) });
        yield return new("exponential --gamma 1", new[] { Math.Exp(-1), Math.Exp(-Math.Sqrt(2)), Math.Exp(-Math.Sqrt(2)), Math.Exp(-1) });
        yield return new("sigmoid", new[] { Math.Tanh(1), Math.Tanh(1), Math.Tanh(4.0 / 3), Math.Tanh(5.0 / 3) });
        yield return new("cosine", new[] { 0, 0, 1 / Math.Sqrt(3), 2 / Math.Sqrt(6) });
        yield return new("chi2", new[] { Math.Exp(-1), Math.Exp(-2), Math.Exp(-2), Math.Exp(-1) });
        yield return new("additive-chi2", new double[] { -1, -2, -2, -1 });
        yield return new("matern --nu 0.5 --length-scale 2", new[] { Math.Exp(-0.5), Math.Exp(-Math.Sqrt(0.5)), Math.Exp(-Math.Sqrt(0.5)), Math.Exp(-0.5) });
        yield return new("matern", new[] { s_matern32, (1 + Math.Sqrt(6)) * Math.Exp(-Math.Sqrt(6)), (1 + Math.Sqrt(6)) * Math.Exp(-Math.Sqrt(6)), s_matern32 });
        yield return new("rational-quadratic --alpha 2", new[] { 0.64, 4.0 / 9, 4.0 / 9, 0.64 });
        yield return new("periodic --period 4", new[] { Math.Exp(-1), Math.Exp(-2), Math.Exp(-2), Math.Exp(-1) });
    }

    [SetUp]
    public void Create()
    {
        _folder = new();
        Npy.Write(_folder["x.npy"], Tensor.Create(s_x, [2, 3]));
        Npy.Write(_folder["y.npy"], Tensor.Create(s_y, [2, 3]));
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCaseSource(nameof(Known))]
    public void Every_kernel_gives_its_known_values(string kernel, double[] expected)
    {
        foreach ((string precision, double tolerance) in new[] { ("float64", 1e-14), ("float32", 1e-6) })
        {
            string[] arguments = ["gram", _folder["x.npy"], _folder["y.npy"], "--kernel", .. kernel.Split(' '), "--precision", precision, "--device", "host", "--output", _folder["k.npy"]];
            CliRun.Of(arguments).Succeeded();
            double[] values = Read("k.npy", 2, 2);
            for (int i = 0; i < values.Length; i++) Assert.That(values[i], Is.EqualTo(expected[i]).Within(tolerance * Math.Max(1, Math.Abs(expected[i]))), $"{precision} [{i}]");
        }
    }

    [Test]
    public void Json_tells_what_ran()
    {
        CliRun run = CliRun.Of("gram", _folder["x.npy"], _folder["y.npy"], "--kernel", "RBF", "--device", "host", "--threads", "1", "--output", _folder["k.npy"], "--json").Succeeded();
        JsonElement json = run.Json;
        CliRun.RequireMembers(json, "rows", "columns", "features", "kernel", "device", "precision", "seconds", "gflops", "peakBytes", "output", "resumedRows");
        Assert.That((json.GetProperty("rows").GetInt32(), json.GetProperty("columns").GetInt32(), json.GetProperty("features").GetInt32()), Is.EqualTo((2, 2, 3)));
        Assert.That((json.GetProperty("kernel").GetString(), json.GetProperty("device").GetString(), json.GetProperty("precision").GetString()), Is.EqualTo(("rbf(gamma=1/d)", "host", "float32")));
        Assert.That(json.GetProperty("seconds").GetDouble(), Is.GreaterThan(0));
        Assert.That(json.GetProperty("gflops").GetDouble(), Is.GreaterThan(0));
        Assert.That(json.GetProperty("peakBytes").GetInt64(), Is.GreaterThan(0));
    }

    [Test]
    public void One_file_gives_a_symmetric_matrix_with_ones_after_normalising()
    {
        CliRun.Of("gram", _folder["y.npy"], "--kernel", "linear", "--normalize", "--precision", "float64", "--output", _folder["k.npy"]).Succeeded();
        double off = 1 / Math.Sqrt(2);
        Assert.That(Read("k.npy", 2, 2), Is.EqualTo(new[] { 1, off, off, 1 }).Within(1e-15));
    }

    [Test]
    public void Centring_new_rows_uses_the_means_of_the_training_rows()
    {
        // Linear kernel: centring subtracts the mean of y from both, (1, 1/2, 0).
        CliRun.Of("gram", _folder["x.npy"], _folder["y.npy"], "--kernel", "linear", "--center", "--precision", "float64", "--output", _folder["k.npy"]).Succeeded();
        Assert.That(Read("k.npy", 2, 2), Is.EqualTo(new[] { 0.25, -0.25, -0.25, 0.25 }).Within(1e-15));
    }

    [Test]
    public void A_precomputed_matrix_is_centred()
    {
        Npy.Write(_folder["k0.npy"], Tensor.Create([2.0, 1, 1, 4], [2, 2]));
        CliRun.Of("gram", _folder["k0.npy"], "--kernel", "precomputed", "--center", "--precision", "float64", "--output", _folder["k.npy"]).Succeeded();
        Assert.That(Read("k.npy", 2, 2), Is.EqualTo(new[] { 1.0, -1, -1, 1 }).Within(1e-15));
    }

    [Test]
    public void Every_kind_of_file_is_read()
    {
        Npz.Write<double>(_folder["x.npz"], [new("other", Tensor.Create([9.0], [1, 1])), new("x", Tensor.Create(s_x, [2, 3]))]);
        _folder.Write("x.csv", "a;b;c\n0;0;0\n1;1;1\n"u8);
        _folder.Write("x.tsv", "0\t0\t0\n1\t1\t1\n"u8);
        _folder.Write("x.ts", "@problemName p\n@univariate true\n@equalLength true\n@classLabel true a b\n@data\n0,0,0:a\n1,1,1:b\n"u8);
        Npy.Write(_folder["cube.npy"], Tensor.Create(s_x, [2, 3, 1]));
        foreach (string name in new[] { "x.npy", "x.npz:x", "x.csv", "x.tsv", "x.ts", "cube.npy" })
        {
            CliRun.Of("gram", _folder[name], _folder["y.npy"], "--kernel", "linear", "--precision", "float64", "--output", _folder["k.npy"]).Succeeded();
            Assert.That(Read("k.npy", 2, 2), Is.EqualTo(new double[] { 0, 0, 1, 2 }), name);
        }
    }

    [Test]
    public void The_simulated_device_agrees()
    {
        CliRun.Of("gram", _folder["x.npy"], _folder["y.npy"], "--kernel", "linear", "--device", "ilgpu-cpu", "--output", _folder["k.npy"]).Succeeded();
        Assert.That(Read("k.npy", 2, 2), Is.EqualTo(new double[] { 0, 0, 1, 2 }));
    }

    [Test]
    public void An_interrupt_leaves_nothing_and_answers_130()
    {
        CliRun run = CliRun.Of(new CancellationToken(canceled: true), "gram", _folder["x.npy"], "--kernel", "rbf", "--output", _folder["k.npy"]);
        run.Failed(ExitCode.Cancelled, "cancelled");
        Assert.That(_folder.Names, Is.EquivalentTo(["x.npy", "y.npy"]));
    }

    private double[] Read(string name, nint rows, nint columns)
    {
        Tensor<double> matrix = Npy.ReadAs<double>(_folder[name]);
        Assert.That(matrix.Lengths.ToArray(), Is.EqualTo(new[] { rows, columns }));
        double[] values = new double[matrix.FlattenedLength];
        matrix.FlattenTo(values);
        return values;
    }
}
