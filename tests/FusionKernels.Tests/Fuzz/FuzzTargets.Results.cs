using FusionKernels.Bench;
using FusionKernels.Tests.Benchmarking;

namespace FusionKernels.Tests.Fuzz;

/// <content>Results of benchmarks, and matrices that were interrupted.</content>
internal static partial class FuzzTargets
{
    /// <summary>Options of several blocks, anew for each use: other tests dispose the default device.</summary>
    private static GramFileOptions Blocks => new() { Device = ComputeDevice.Default, BlockBytes = 3 * 12 * sizeof(float) };

    private static readonly Lazy<byte[]> s_whole = new(() => Made(path => Gram.ComputeTo(path, s_pair.Value.X, Kernel.Linear(), Blocks)));

    /// <summary>An unfinished matrix: header and the rows of two blocks.</summary>
    private static readonly Lazy<byte[]> s_partial = new(() => Interrupted("k.npy.partial"));

    private static byte[] Log() => Interrupted("k.npy.partial.log");

    /// <summary>What is left of a call that was cancelled behind its second block.</summary>
    private static byte[] Interrupted(string file)
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource source = new();
        int blocks = 0;
        try
        {
            Gram.ComputeTo(folder["k.npy"], s_pair.Value.X, Kernel.Linear(), Blocks with { Cancellation = source.Token, Progress = new Caller(_ => { if (++blocks == 2) source.Cancel(); }) });
        }
        catch (OperationCanceledException)
        {
            // what this is for
        }

        return File.ReadAllBytes(folder[file]);
    }

    private static byte[] Results() => System.Text.Encoding.UTF8.GetBytes(ResultFiles.ToJson(SuiteResults.Of("here", SuiteResults.Row("gemm", "products", 1, spread: 0.1), SuiteResults.Row("dtw", "warping", 2, threads: 1, cells: 10))));

    /// <summary>Reads results and makes of them whatever the tool makes.</summary>
    private static void Compare(string path)
    {
        Comparison comparison = Comparison.Of(["a", "b"], ResultReader.ReadAll([path, path]), 0);
        ComparisonText.Of(comparison);
        ComparisonPage.Of(comparison);
        ResultFiles.ToJson(ComparisonJson.Of(comparison));
    }

    private sealed class Caller(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
