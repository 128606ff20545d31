using System.Diagnostics;
using System.Numerics.Tensors;
using FusionKernels.Cli;
using FusionKernels.Tests.HardUse;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>Ctrl-C on the tool as a process: one line, the exit code of shells, and what is done is kept.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class InterruptTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Training_keeps_the_weights_of_its_best_epoch()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 60);
        Npy.Write(_folder["x.npy"], x);
        Npy.Write(_folder["y.npy"], y);
        string checkpoint = _folder["c.safetensors"];
        using Process tool = Tool.StartInterruptible(
            "align", _folder["x.npy"], _folder["y.npy"], "--method", "contrastive", "--components", "4", "--epochs", "1000000", "--patience", "0", "--device", "host", "--checkpoint", checkpoint, "--save", _folder["m.safetensors"]);
        (int code, _, string error) = Interrupted(tool, checkpoint);
        Assert.That(code, Is.EqualTo(ExitCode.Cancelled), error);
        Assert.That(error, Does.Match(@"^fusionkernels: stopped after epoch \d+; the weights of epoch \d+ are kept\n$"));
        ContrastiveModel<float> kept = ContrastiveAlignment.Load<float>(_folder["m.safetensors"]);
        Assert.That(kept.TransformX(x).Lengths[1], Is.EqualTo((nint)4));
    }

    /// <summary>Pairs of long series, for minutes; the first block is not done before the last pair is.</summary>
    [Test]
    public void A_matrix_without_a_finished_block_leaves_nothing()
    {
        Npy.Write(_folder["x.npy"], Tensor.Create([.. Enumerable.Range(0, 1000 * 1000).Select(i => MathF.Sin(i * i))], [1000, 1000, 1]));
        using Process tool = Tool.StartInterruptible("dtw-matrix", _folder["x.npy"], "--device", "host", "--output", _folder["d.npy"]);
        (int code, string output, string error) = Interrupted(tool, _folder["d.npy.partial.log"]);
        Assert.That((code, output, error), Is.EqualTo((ExitCode.Cancelled, "", "fusionkernels: cancelled; the same command goes on where this one stopped\n")));
        Assert.That(_folder.Names, Is.EqualTo<string>(["x.npy"]));
    }

    /// <summary>Interrupts the tool once it has made a file.</summary>
    private static (int Code, string Output, string Error) Interrupted(Process tool, string file)
    {
        while (!File.Exists(file) && !tool.HasExited) Thread.Sleep(2);
        Tool.Interrupt(tool);
        return Tool.End(tool);
    }
}
