using System.CommandLine;
using System.Text.Json;
using FusionKernels.Bench;
using FusionKernels.Tests.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Benchmarking;

/// <summary>The benchmarks run, at the smallest sizes, and compute what they claim to.</summary>
public class QuickBenchTests
{
    [Test]
    [Category("Slow")]
    public void The_verb_measures_every_case_of_the_host_and_writes_what_it_prints()
    {
        using TemporaryFolder folder = new();
        CliRun run = CliRun.Of("bench", "--tiny", "--device", "host", "--machine", "test", "--json", folder["quick.json"]);
        Assert.That(run.Code, Is.Zero, run.Error);

        BenchResults results = ResultReader.Read(folder["quick.json"]);
        Assert.That(results.Rows.Select(row => row.Case).Distinct(), Is.EquivalentTo(s_hostCases));
        foreach (ResultRow row in results.Rows)
        {
            Assert.That(row.Seconds, Is.Positive, row.ToString());
            Assert.That(row.MaxError, Is.LessThan(row.Case.StartsWith("kernel-svm", StringComparison.Ordinal) ? 1e-3 : 1e-5), row.ToString()); // a machine is solved to its tolerance
        }

        Assert.That(run.Output, Is.EqualTo(results.ToMarkdown()));
    }

    [Test]
    public void A_device_whose_time_is_over_begins_no_further_case_and_the_results_name_the_others()
    {
        using TemporaryFolder folder = new();
        using DeviceSession session = new("host", SuiteOptions.Tiny.SecondsAtPeak);
        CaseEntry[] entries = [.. CaseCatalog.Of(session, ["rbf-small", "gemm float64*1t", "copy"])];
        Assert.That(entries, Has.Length.GreaterThan(2));
        List<string> begun = [];
        BenchResults results = SuiteRun.Execute(SuiteOptions.Tiny with { Limit = TimeSpan.Zero }, "test", [session], entries, (_, entry) => begun.Add(entry.ToString()));
        Assert.That(begun, Is.EqualTo(new[] { entries[0].ToString() }));
        Assert.That(results.Rows, Has.Count.EqualTo(1));
        Assert.That(results.LeftOut.Select(row => (row.Case, row.Device, row.Threads)), Is.EqualTo(entries[1..].Select(entry => (entry.Name, "host", entry.Threads))));
        Assert.That(results.ToMarkdown(), Does.Contain("## Not reached").And.Contain(entries[^1].Name));
        File.WriteAllText(folder["part.json"], ResultFiles.ToJson(results));
        Assert.That(ResultReader.Read(folder["part.json"]).LeftOut, Is.EqualTo(results.LeftOut));
    }

    [Test]
    public void Counts_are_kept_of_every_case_of_the_host() => Assert.That(
        ResultReader.Read(Path.Combine(Docs.Repository.Require(), "bench", "results", "counts.json")).Rows.Select(row => row.Case).Distinct(), Is.EquivalentTo(s_hostCases));

    [Test]
    public void Every_case_of_an_accelerator_but_training_tells_times_from_host_memory_apart()
    {
        using DeviceSession session = new("ilgpu-cpu", SuiteOptions.Tiny.SecondsAtPeak);
        CaseEntry[] entries = [.. CaseCatalog.Of(session, [])];
        Assert.That(entries.Select(entry => entry.Family).Distinct(), Is.EquivalentTo(CaseCatalog.Families));
        foreach (CaseEntry entry in entries)
        {
            using BenchCase one = entry.Create();
            bool trains = entry.Name.StartsWith("train-", StringComparison.Ordinal) || entry.Name == "graph-epoch";
            Assert.That(one.EndToEnd is null, Is.EqualTo(trains), entry.ToString());
        }
    }

    [Test]
    public void The_list_names_the_cases_that_the_filters_let_through()
    {
        (int code, string output) = Run("--list", "--device", "host", "--filter", "gemm float64*1t", "--filter", "rbf-small");
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
    [NonParallelizable]
    public void Streaming_finds_the_correlations_of_its_files_and_deletes_them()
    {
        using TemporaryFolder folder = new();
        (int code, string output) = Run("--streaming", folder["data"], "--tiny", "--device", "host", "--machine", "test", "--output", folder["results"]);
        Assert.That(code, Is.Zero, output);
        Assert.That(File.ReadAllText(Path.Combine(folder["results"], "test", "streaming.md")), Is.EqualTo(output));
        StreamingResults results = JsonSerializer.Deserialize<StreamingResults>(File.ReadAllText(Path.Combine(folder["results"], "test", "streaming.json")), ResultFiles.Json)!;
        Assert.That(results.FileBytes, Is.EqualTo(40_000_000));
        Assert.That(results.Correlations[0], Is.EqualTo(Math.Sqrt(0.5)).Within(5e-3), "a column beside its sum with another as spread");
        Assert.That(results.Correlations[^1], Is.EqualTo(1 / Math.Sqrt(65)).Within(8e-3), "an eighth of one");
        Assert.That(results.Ratio, Is.Positive);
        if (results.ProcessBytes is { } whole) Assert.That(whole, Is.GreaterThanOrEqualTo(results.AddedBytes!.Value));
        Assert.That(Directory.EnumerateFileSystemEntries(folder["data"]), Is.Empty);
        Assert.That(Run("--streaming", folder["data"], "--gigabytes", "1e9").Code, Is.EqualTo(2), "no disk has room");
        Assert.That(Run("--streaming", folder["data"], "--gigabytes", "0.1").Code, Is.EqualTo(2), "too few rows of 512 columns");
    }

    [TestCase("bench: --columns 0: a view has one column at least", "--streaming", "data", "--columns", "0")]
    [TestCase("bench: --columns -3: a view has one column at least", "--streaming", "data", "--columns", "-3")]
    [TestCase("bench: --seeds 0: one seed at least is needed", "--learned-table", "table.md", "--seeds", "0")]
    public void A_count_below_1_is_refused_in_a_line_and_nothing_is_written(string line, string option, string file, params string[] count)
    {
        using TemporaryFolder folder = new();
        using StringWriter error = new();
        Assert.That(Run(error, [option, folder[file], .. count]).Code, Is.EqualTo(2));
        Assert.That(error.ToString(), Is.EqualTo(line + Environment.NewLine));
        Assert.That(folder.Names, Is.Empty);
    }

    [Test]
    public void The_readme_shows_what_was_measured()
    {
        string root = Docs.Repository.Require(), page = File.ReadAllText(Path.Combine(root, "README.md"));
        Assert.That(
            PerformanceTable.Into(page, Path.Combine(root, "bench", "results"), machine: null),
            Is.EqualTo(page),
            "README.md is not what bench/results says: dotnet run -c Release --project bench/FusionKernels.Bench -- --readme README.md");
    }

    [Test]
    public void A_filter_that_nothing_matches_is_an_error() =>
        Assert.That(Run("--list", "--device", "host", "--filter", "nothing").Code, Is.EqualTo(2));

    private static readonly string[] s_hostCases = ["gemm", "rbf-d64", "rbf-d512", "composed-d64", "rbf-small", "matrix-vector", "moments-d512", "cca-d512", "sparse-product", "moving-deviation", "copy", "dtw", "dtw-radius25", "exp", "eigen-1024", "eigen-batched", "svd-top", "attention", "attention-causal", "attention-mask", "attention-bias", "attention-gradients", "attention-decode", "train-mlp", "train-tiny", "train-transformer", "train-dcca", "graph-epoch", "six-views", "six-grams-sum", "kernel-svm", "alignf", "gemm-small", "dtw-small", "cca-small", "attention-small", "attention-many", "kernel-svm-small"];

    private static (int Code, string Output) Run(params string[] arguments) => Run(TextWriter.Null, arguments);

    private static (int Code, string Output) Run(TextWriter error, string[] arguments)
    {
        using StringWriter output = new();
        int code = BenchCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString());
    }
}
