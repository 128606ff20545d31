using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using FusionKernels.Tests.HardUse;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>The tool stopped while it streams a matrix to the disk, killed or by Ctrl-C, and run again.</summary>
[TestFixture]
[Category("Slow")]
public sealed class KilledStreamTests
{
    /// <summary>A result just above the size from which the tool streams it: five blocks.</summary>
    private const int Rows = 8300;

    /// <summary>How often a run is stopped before one is let through.</summary>
    private const int Stops = 3;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("gram", "--kernel", "laplacian", "--device", "host")]
    [TestCase("dtw-matrix", "--window", "1", "--device", "host")]
    public void Killed_runs_are_resumed_with_the_bytes_of_an_uninterrupted_one(string verb, params string[] options) => IsResumed([verb, .. options], tool =>
    {
        tool.Kill();
        tool.WaitForExit();
    });

    [TestCase("gram", "--kernel", "laplacian", "--device", "host")]
    [TestCase("dtw-matrix", "--window", "1", "--device", "host")]
    [Platform("Linux")]
    public void Interrupted_runs_say_so_and_are_resumed(string verb, params string[] options) => IsResumed([verb, .. options], tool =>
    {
        Tool.Interrupt(tool);
        Assert.That(Tool.End(tool), Is.EqualTo((ExitCode.Cancelled, "", "fusionkernels: cancelled; the same command goes on where this one stopped\n")));
    });

    /// <summary>The simulation is slow: one block, which is done at the end alone.</summary>
    [Test]
    public void A_run_on_a_simulated_device_killed_in_its_first_block_begins_anew()
    {
        string[] arguments = ["dtw-matrix", Values(80), "--device", "ilgpu-cpu", "--output"];
        using (Process tool = Tool.Start([.. arguments, _folder["killed.npy"]]))
        {
            while (!File.Exists(_folder["killed.npy.partial.log"]) && !tool.HasExited) Thread.Sleep(1);
            tool.Kill();
            tool.WaitForExit();
        }

        Assert.That(_folder.Names, Does.Not.Contain("killed.npy"), "it was killed before its end");
        Assert.That(CliRun.Of([.. arguments, _folder["killed.npy"], "--json"]).Succeeded().Json.GetProperty("resumedRows").GetInt32(), Is.Zero);
        CliRun.Of([.. arguments, _folder["whole.npy"]]).Succeeded();
        Assert.That(SameBytes(_folder["killed.npy"], _folder["whole.npy"]));
        Assert.That(_folder.Names, Is.EquivalentTo<string>(["x.npy", "killed.npy", "whole.npy"]));
    }

    /// <summary>Stops a run at random places of its first three blocks, each behind the one before, then lets it through.</summary>
    private void IsResumed(string[] command, Action<Process> stop)
    {
        string[] arguments = [command[0], Values(Rows), .. command[1..], "--json", "--output"];
        string output = _folder["stopped.npy"];
        FileInfo partial = new(output + ".partial");
        Random random = new(1);
        int there = 0;
        foreach (long place in Enumerable.Range(0, Stops).Select(_ => random.NextInt64(3 * new GramFileOptions().BlockBytes)).Order())
        {
            long reached = partial.Exists ? partial.Length : 0;
            using Process tool = Tool.StartInterruptible([.. arguments, output]);
            for (partial.Refresh(); !tool.HasExited && !(partial.Exists && partial.Length > Math.Max(place, reached)); partial.Refresh()) Thread.Sleep(1);
            stop(tool);
            partial.Refresh();
            Assert.That(_folder.Names, Does.Contain("stopped.npy.partial").And.Not.Contain("stopped.npy"), "it was stopped before its end");
            Assert.That(RowsIn(output + ".partial.log"), Is.GreaterThanOrEqualTo(there), "what was done is kept");
            there = RowsIn(output + ".partial.log");
        }

        JsonElement resumed = CliRun.Of([.. arguments, output]).Succeeded().Json;
        Assert.That(resumed.GetProperty("resumedRows").GetInt32(), Is.EqualTo(there).And.InRange(1, Rows - 1));
        CliRun.Of([.. arguments, _folder["whole.npy"]]).Succeeded();
        Assert.That(SameBytes(output, _folder["whole.npy"]));
        Assert.That(_folder.Names, Is.EquivalentTo<string>(["x.npy", "stopped.npy", "whole.npy"]));
    }

    /// <summary>What the last whole line of a log counts; 0 where it counts none.</summary>
    private static int RowsIn(string log)
    {
        string[] lines = File.ReadAllText(log).Split('\n')[..^1];
        return lines.Length < 2 ? 0 : JsonDocument.Parse(lines[^1]).RootElement.GetProperty("completedRows").GetInt32();
    }

    /// <summary>A file of random rows of three numbers.</summary>
    private string Values(int rows)
    {
        Random random = new(1);
        float[] values = new float[rows * 3];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle();
        Npy.Write(_folder["x.npy"], Tensor.Create(values, [rows, 3]));
        return _folder["x.npy"];
    }

    private static bool SameBytes(string left, string right)
    {
        using FileStream first = File.OpenRead(left), second = File.OpenRead(right);
        if (first.Length != second.Length) return false;
        byte[] one = new byte[1 << 20], other = new byte[1 << 20];
        while (true)
        {
            int read = first.ReadAtLeast(one, one.Length, throwOnEndOfStream: false);
            if (read == 0) return true;
            second.ReadExactly(other, 0, read);
            if (!one.AsSpan(0, read).SequenceEqual(other.AsSpan(0, read))) return false;
        }
    }
}
