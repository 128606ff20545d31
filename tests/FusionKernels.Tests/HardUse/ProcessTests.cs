using System.Diagnostics;
using System.Numerics.Tensors;
using FusionKernels.Cli;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Two processes at once on one device, and processes that are killed while they write.</summary>
[TestFixture]
[Category("Slow")]
public sealed class ProcessTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _folder = new();
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 900);
        Npy.Write(_folder["x.npy"], x);
        Npy.Write(_folder["y.npy"], y);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    private static IEnumerable<string> Devices => ComputeDevice.List().Where(device => device.Kind is DeviceKind.Cuda or DeviceKind.OpenCL).Select(device => device.Name).Append("host");

    [Test]
    public void Two_processes_share_a_device([ValueSource(nameof(Devices))] string device)
    {
        string[] outputs = [_folder["1.npy"], _folder["2.npy"], _folder["alone.npy"]];
        using (Process one = GramOf(device, outputs[0]), two = GramOf(device, outputs[1]))
        {
            Task<(int Code, string Output, string Error)> first = Task.Run(() => Tool.End(one));
            (int code, _, string error) = Tool.End(two);
            Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
            Assert.That((first.Result.Code, first.Result.Error), Is.EqualTo((ExitCode.Success, "")));
        }

        using (Process alone = GramOf(device, outputs[2])) Assert.That(Tool.End(alone).Code, Is.EqualTo(ExitCode.Success));
        byte[] expected = File.ReadAllBytes(outputs[2]);
        Assert.That(File.ReadAllBytes(outputs[0]), Is.EqualTo(expected));
        Assert.That(File.ReadAllBytes(outputs[1]), Is.EqualTo(expected));
    }

    [Test]
    public void Of_two_calls_for_one_streamed_file_one_is_refused_and_the_file_is_whole()
    {
        Tensor<float> x = Npy.Read<float>(_folder["x.npy"]);
        ToFile(_folder["whole.npy"]);
        using ManualResetEventSlim second = new();
        List<string> refused = [];
        ToFile(_folder["k.npy"], () =>
        {
            if (second.IsSet) return;
            second.Set();
            try
            {
                ToFile(_folder["k.npy"]);
            }
            catch (IOException told)
            {
                refused.Add(told.Message);
            }
        });
        Assert.That(refused, Has.Count.EqualTo(1));
        Assert.That(refused[0], Does.Contain("k.npy"));
        Assert.That(File.ReadAllBytes(_folder["k.npy"]), Is.EqualTo(File.ReadAllBytes(_folder["whole.npy"])));

        void ToFile(string path, Action? within = null) => Gram.ComputeTo(path, x, Kernel.Rbf(), new() { BlockBytes = 100 * 900 * sizeof(float), Progress = new Told(within) });
    }

    /// <summary>Whatever the moment, what stands under the name is the old file or the new one.</summary>
    [TestCase("k.npy", "gram", "x.npy", "--kernel", "rbf", "--output")]
    [TestCase("m.npz", "cca", "x.npy", "y.npy", "--save")]
    [TestCase("m.safetensors", "align", "x.npy", "y.npy", "--method", "contrastive", "--epochs", "1", "--save")]
    public void A_killed_process_leaves_the_old_file_or_the_new_one(string output, params string[] words)
    {
        string path = _folder[output];
        string[] arguments = [.. words.Select(word => word.EndsWith(".npy", StringComparison.Ordinal) ? _folder[word] : word), path, "--device", "host"];
        long started = Stopwatch.GetTimestamp();
        using (Process whole = Tool.Start(arguments)) Assert.That(Tool.End(whole).Code, Is.EqualTo(ExitCode.Success));
        TimeSpan time = Stopwatch.GetElapsedTime(started);
        byte[] made = File.ReadAllBytes(path), old = [1, 2, 3];
        Random random = new(3);
        int killed = 0;
        for (int turn = 0; turn < 8; turn++)
        {
            File.WriteAllBytes(path, old);
            started = Stopwatch.GetTimestamp();
            using Process tool = Tool.Start(arguments);
            if (!tool.WaitForExit(time * (0.6 + (0.5 * random.NextDouble())))) killed++;
            else time = Stopwatch.GetElapsedTime(started); // the machine has less else to do than before
            tool.Kill();
            tool.WaitForExit();
            byte[] left = File.ReadAllBytes(path);
            Assert.That(left.AsSpan().SequenceEqual(old) || left.AsSpan().SequenceEqual(made), $"turn {turn}: {left.Length} bytes of {made.Length}");
        }

        Assert.That(killed, Is.Positive);
        using (Process again = Tool.Start(arguments)) Assert.That(Tool.End(again).Code, Is.EqualTo(ExitCode.Success));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(made));
    }

    /// <summary>Training that is killed behind any epoch ends with the bits of training that was not.</summary>
    [Test]
    public void Killed_training_goes_on_from_its_checkpoint()
    {
        string[] arguments = ["align", _folder["x.npy"], _folder["y.npy"], "--method", "contrastive", "--epochs", "200", "--device", "host", "--checkpoint", _folder["c.safetensors"], "--save"];
        using (Process tool = Tool.Start([.. arguments, _folder["killed.safetensors"]]))
        {
            while (!File.Exists(_folder["c.safetensors"]) && !tool.HasExited) Thread.Sleep(2);
            tool.Kill();
            tool.WaitForExit();
        }

        Assert.That(_folder.Names, Does.Not.Contain("killed.safetensors"), "it was killed before its end");
        using (Process tool = Tool.Start([.. arguments, _folder["killed.safetensors"]])) Assert.That(Tool.End(tool).Code, Is.EqualTo(ExitCode.Success));
        File.Delete(_folder["c.safetensors"]);
        using (Process tool = Tool.Start([.. arguments, _folder["whole.safetensors"]])) Assert.That(Tool.End(tool).Code, Is.EqualTo(ExitCode.Success));
        Assert.That(File.ReadAllBytes(_folder["killed.safetensors"]), Is.EqualTo(File.ReadAllBytes(_folder["whole.safetensors"])));
    }

    private Process GramOf(string device, string output) => Tool.Start("gram", _folder["x.npy"], "--kernel", "rbf", "--device", device, "--output", output);

    private sealed class Told(Action? within) : IProgress<double>
    {
        public void Report(double value) => within?.Invoke();
    }
}
