using System.Numerics.Tensors;
using FusionKernels.Cli;
using FusionKernels.Tests.Cli;
using FusionKernels.Tests.Fusion;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Every writer on a disk without room: an IOException, the file that was there untouched, nothing left beside it, and the whole file once there is room.</summary>
[TestFixture]
public sealed class DiskFullTests
{
    private static readonly Lazy<(Tensor<float> X, Tensor<float> Y)> s_pair = new(() => LearnedData.Pair(1, 40));

    private static readonly (string Name, Action<string> Write)[] s_writers =
    [
        ("npy", path => Npy.Write(path, s_pair.Value.X)),
        ("npz", path => Npz.Write<float>(path, [new("x", s_pair.Value.X), new("y", s_pair.Value.Y)])),
        ("npz deflated", path => Npz.Write<float>(path, [new("x", s_pair.Value.X)], System.IO.Compression.CompressionLevel.Optimal)),
        ("csv", path => Csv.Write(path, s_pair.Value.X)),
        ("ts", path => Ts.Write(path, new TimeSeriesSet<float>("t", [s_pair.Value.X, s_pair.Value.X]))),
        ("wav", path => Wav.Write(path, new WavAudio<float>(Tensor.Create(new float[400], [400, 1]), 8000))),
        ("safetensors", path => new DenseNet().Parameters.Save(path)),
        ("canonical correlation", path => CanonicalCorrelation.Fit(s_pair.Value.X, s_pair.Value.Y).Save(path)),
        ("moments", path => Accumulated().Save(path)),
        ("views", path => FusionData.Halves(12, 2, 3).Save(path)),
        ("fusion model", path => FusionStrategy.Save(path, FusionData.Halves(24, 2, 3), "concat")),
        ("learned model", path => ContrastiveAlignment.Fit(s_pair.Value.X, s_pair.Value.Y, new() { Components = 3, Epochs = 1 }).Save(path)),
        ("text", path => OutputFile.WriteText(path, "a line\n")),
    ];

    private static IEnumerable<string> Writers => s_writers.Select(one => one.Name);

    [Test]
    public void What_was_there_stays_until_there_is_room([ValueSource(nameof(Writers))] string writer)
    {
        Action<string> write = Array.Find(s_writers, one => one.Name == writer).Write;
        using TemporaryFolder elsewhere = new();
        write(elsewhere["whole"]);
        byte[] old = [1, 2, 3], whole = File.ReadAllBytes(elsewhere["whole"]);
        using SmallDisk disk = new("64k");
        File.WriteAllBytes(disk["f"], old);
        foreach (int left in (int[])[0, 4096])
        {
            if (left > 0 && whole.Length <= left) continue;
            disk.Fill(left);
            Assert.That(() => write(disk["f"]), Throws.InstanceOf<IOException>(), $"{left} bytes left");
            Assert.That(File.ReadAllBytes(disk["f"]), Is.EqualTo(old));
            Assert.That(disk.Names, Is.EqualTo<string>(["f"]), "nothing is left beside it");
        }

        disk.Free();
        write(disk["f"]);
        Assert.That(File.ReadAllBytes(disk["f"]), Is.EqualTo(whole));
    }

    [Test]
    public void A_streamed_matrix_goes_on_where_the_disk_was_full([Values("gram", "dtw")] string kind)
    {
        Tensor<float>[] series = [.. Enumerable.Range(0, 80).Select(row => Tensor.Create([.. Enumerable.Range(0, 5).Select(t => MathF.Sin(row + t))], [5, 1]))];
        Tensor<float> x = LearnedData.Pair(2, 80).X;
        MatrixFileSummary Write(string path) => kind == "gram"
            ? Gram.ComputeTo(path, x, Kernel.Rbf(), new() { BlockBytes = 10 * 80 * sizeof(float) })
            : Dtw.DistancesTo(path, series, new() { BlockBytes = 10 * 80 * sizeof(float) });
        using TemporaryFolder elsewhere = new();
        Write(elsewhere["whole.npy"]);
        using SmallDisk disk = new("64k");
        disk.Fill(16384);
        Assert.That(() => Write(disk["m.npy"]), Throws.InstanceOf<IOException>());
        Assert.That(disk.Names, Is.EquivalentTo<string>(["m.npy.partial", "m.npy.partial.log"]), "no half of it under its name");
        disk.Free();
        MatrixFileSummary summary = Write(disk["m.npy"]);
        Assert.That(summary.ResumedRows, Is.InRange(10, 70));
        Assert.That(File.ReadAllBytes(disk["m.npy"]), Is.EqualTo(File.ReadAllBytes(elsewhere["whole.npy"])));
        Assert.That(disk.Names, Is.EqualTo<string>(["m.npy"]));
    }

    [Test]
    public void Training_tells_of_the_checkpoint_and_goes_on_from_the_one_before()
    {
        using TemporaryFolder elsewhere = new();
        using SmallDisk disk = new("64k");
        Train(disk["c"], 1);
        byte[] first = File.ReadAllBytes(disk["c"]);
        disk.Fill();
        Assert.That(() => Train(disk["c"], 3), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllBytes(disk["c"]), Is.EqualTo(first));
        disk.Free();
        double[] losses = [.. Train(disk["c"], 3).TrainingLosses];
        Assert.That(losses, Is.EqualTo(Train(elsewhere["c"], 3).TrainingLosses));
    }

    [Test]
    public void The_tool_says_that_the_disk_is_full()
    {
        using SmallDisk disk = new("64k");
        Npy.Write(disk["x.npy"], s_pair.Value.X);
        disk.Fill();
        CliRun.Of("gram", disk["x.npy"], "--kernel", "rbf", "--device", "host", "--output", disk["k.npy"]).Failed(ExitCode.Data, "No space left");
        Assert.That(disk.Names, Is.EqualTo<string>(["x.npy"]));
    }

    private static TrainingResult Train(string checkpoint, int epochs)
    {
        DenseNet net = new();
        return Trainer.Fit(
            net.Parameters, new Adam(), 40, (tape, rows) => (net.Layers.Forward(tape.Rows(s_pair.Value.X, rows)) - tape.Rows(s_pair.Value.Y, rows)).Square().Mean(), new() { Epochs = epochs, Checkpoint = checkpoint });
    }

    private static CanonicalMoments Accumulated()
    {
        CanonicalMoments moments = new(6, 5);
        moments.Accumulate(s_pair.Value.X, s_pair.Value.Y);
        return moments;
    }

    private sealed class DenseNet
    {
        public DenseNet() => Layers = new(Parameters, [6, 4, 5]);

        public ParameterSet<float> Parameters { get; } = new(seed: 1);

        public DenseLayers<float> Layers { get; }
    }
}
