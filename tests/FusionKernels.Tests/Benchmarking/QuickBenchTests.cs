using System.CommandLine;
using System.Text.Json;
using FusionKernels.Bench;
using NUnit.Framework;

namespace FusionKernels.Tests.Benchmarking;

/// <summary>The benchmarks run, at the smallest sizes, and compute what they claim to.</summary>
public class QuickBenchTests
{
    [Test]
    [Category("Slow")]
    public void The_quick_mode_measures_every_case_of_the_host_and_writes_both_files()
    {
        using TemporaryFolder folder = new();
        (int code, string output) = Run("--quick", "--tiny", "--device", "host", "--machine", "test", "--output", folder["results"]);
        Assert.That(code, Is.Zero, output);

        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["results"], "test", "quick.json")));
        JsonElement[] rows = [.. results.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.That(rows.Select(row => row.GetProperty("case").GetString()).Distinct(), Is.EquivalentTo(s_hostCases));
        foreach (JsonElement row in rows)
        {
            Assert.That(row.GetProperty("seconds").GetDouble(), Is.Positive, row.ToString());
            Assert.That(row.GetProperty("maxError").GetDouble(), Is.LessThan(row.GetProperty("case").GetString() == "kernel-svm" ? 1e-3 : 1e-5), row.ToString()); // a machine is solved to its tolerance
        }

        Assert.That(File.ReadAllText(Path.Combine(folder["results"], "test", "quick.md")), Is.EqualTo(output));
    }

    [Test]
    public void The_list_names_the_cases_that_the_filters_let_through()
    {
        (int code, string output) = Run("--list", "--device", "host", "--filter", "gemm float64*1t", "--filter", "small");
        Assert.That(code, Is.Zero);
        Assert.That(
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(new[] { "gemm float64 host 1t", $"rbf-small float32 host {Environment.ProcessorCount}t" }));
    }

    [Test]
    [Category("Slow")]
    public void The_report_of_fusion_is_written_with_the_time_of_each_strategy()
    {
        _ = SharedData.Require("mfeat/mfeat-fou.csv");
        using TemporaryFolder folder = new();
        (int code, string output) = Run("--fusion-report", "--tiny", "--device", "host", "--filter", "kernel-mean", "--machine", "test", "--output", folder["results"]);
        Assert.That(code, Is.Zero, output);
        Assert.That(File.ReadAllText(Path.Combine(folder["results"], "test", "fusion.md")), Is.EqualTo(output));
        Assert.That(output, Does.Match(@"\| kernel-mean +\| [0-9.]+ +\| [0-9.]+ ").And.Contain("processor seconds").And.Contain("majority class").And.Not.Contain("gated"));
        Assert.That(Run("--fusion-report", "--tiny", "--filter", "kernel-meen").Code, Is.EqualTo(2));
    }

    [Test]
    public void A_filter_that_nothing_matches_is_an_error() =>
        Assert.That(Run("--list", "--device", "host", "--filter", "nothing").Code, Is.EqualTo(2));

    private static readonly string[] s_hostCases = ["gemm", "rbf-d64", "rbf-d512", "composed-d64", "rbf-small", "matrix-vector", "moments-d512", "cca-d512", "sparse-product", "copy", "dtw", "dtw-radius25", "exp", "eigen-1024", "eigen-batched", "svd-top", "attention", "attention-causal", "attention-gradients", "attention-decode", "train-mlp", "train-tiny", "train-transformer", "train-dcca", "graph-epoch", "six-views", "six-grams-sum", "kernel-svm", "alignf"];

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using StringWriter output = new();
        int code = BenchCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = TextWriter.Null });
        return (code, output.ToString());
    }
}
