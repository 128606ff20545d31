using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Tests.HardUse;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>The tool killed while it streams a matrix to the disk, and run again.</summary>
[TestFixture]
[Category("Slow")]
public sealed class KilledStreamTests
{
    /// <summary>A result just above the size from which the tool streams it: five blocks.</summary>
    private const int Rows = 8300;

    private static readonly long s_blockBytes = new GramFileOptions().BlockBytes;

    [TestCase("gram", "--kernel", "laplacian")]
    [TestCase("dtw-matrix", "--window", "1")]
    public void A_killed_run_is_resumed_with_the_bytes_of_an_uninterrupted_one(string verb, params string[] options)
    {
        using TemporaryFolder folder = new();
        Random random = new(1);
        float[] values = new float[Rows * 3];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle();
        Npy.Write(folder["x.npy"], Tensor.Create(values, [Rows, 3]));
        string[] arguments = [verb, folder["x.npy"], .. options, "--device", "host", "--json", "--output"];

        string output = folder["killed.npy"];
        using (Process tool = Tool.Start([.. arguments, output]))
        {
            // Once the second block is being written the first is on the disk, and in the log.
            FileInfo partial = new(output + ".partial");
            for (; !tool.HasExited && !(partial.Exists && partial.Length > s_blockBytes); partial.Refresh()) Thread.Sleep(2);
            tool.Kill();
            tool.WaitForExit();
        }

        Assert.That(folder.Names, Does.Contain("killed.npy.partial").And.Not.Contain("killed.npy"), "it was killed before its end");
        JsonElement resumed = CliRun.Of([.. arguments, output]).Succeeded().Json;
        Assert.That(resumed.GetProperty("resumedRows").GetInt32(), Is.InRange(1, Rows - 1));
        CliRun.Of([.. arguments, folder["whole.npy"]]).Succeeded();
        Assert.That(SameBytes(output, folder["whole.npy"]));
        Assert.That(folder.Names, Is.EquivalentTo<string>(["x.npy", "killed.npy", "whole.npy"]));
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
