using System.Text.Json;
using FusionKernels.Bench;
using FusionKernels.Cli;
using FusionKernels.Tests.Benchmarking;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary><c>bench</c> and <c>compare</c>.</summary>
internal sealed class BenchCommandTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Cases_are_measured_written_and_held_against_a_base()
    {
        CliRun first = Bench("--json", _folder["a.json"], "--machine", "here").Succeeded();
        Assert.That(first.Output, Does.Contain("rbf-small").And.Contain("## Measured peaks").And.Not.Contain("gemm"));
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(_folder["a.json"]));
        Assert.That(file.RootElement.GetProperty("schema").GetInt32(), Is.EqualTo(1));
        JsonElement row = file.RootElement.GetProperty("rows")[0];
        Assert.That(row.GetProperty("family").GetString(), Is.EqualTo("grams"));
        Assert.That(row.GetProperty("coldSeconds").GetDouble(), Is.GreaterThan(0));
        Assert.That(row.GetProperty("lowSeconds").GetDouble(), Is.LessThanOrEqualTo(row.GetProperty("highSeconds").GetDouble()));
        Assert.That(Bench("--regress", _folder["a.json"], "--figures", "counts").Succeeded().Output, Does.Contain("None of 1 cases is worse"));
        Assert.That(CliRun.Of("compare", _folder["a.json"], _folder["a.json"]).Succeeded().Output, Does.Contain("noise"));
    }

    [Test]
    public void A_regression_has_an_exit_code_of_its_own_and_a_table()
    {
        BenchResults now = ResultReader.Read(Written("now.json", Bench("--json", _folder["now.json"])));
        Write("base.json", now with { Rows = [.. now.Rows.Select(row => row with { Seconds = row.Seconds / 1e3, LowSeconds = row.LowSeconds / 1e3, HighSeconds = row.HighSeconds / 1e3, Gflops = row.Gflops * 1e3 })] });
        CliRun run = Bench("--regress", _folder["base.json"]);
        Assert.That(run.Code, Is.EqualTo(5));
        Assert.That(run.Output, Does.Contain("| time"));
        Assert.That(run.Error, Does.Contain("1 figures of 1 cases are worse than in"));
    }

    [Test]
    public void Comparisons_come_as_text_page_and_json()
    {
        Write("a.json", SuiteResults.Of("slow", SuiteResults.Row("gemm", "products", 3)));
        Write("b.json", SuiteResults.Of("fast", SuiteResults.Row("gemm", "products", 1)));
        CliRun run = CliRun.Of("compare", _folder["a.json"], _folder["b.json"], "--html", _folder["c.html"], "--markdown", _folder["c.md"], "--json").Succeeded();
        Assert.That(run.Json.GetProperty("rows")[1].GetProperty("ratio").GetDouble(), Is.EqualTo(3).Within(1e-12));
        Assert.That(run.Json.GetProperty("summary")[0].GetString(), Does.StartWith("fast is 3.00x as fast as slow over 1 cases"));
        Assert.That(File.ReadAllText(_folder["c.md"]), Does.Contain("3.00x"));
        Assert.That(File.ReadAllText(_folder["c.html"]), Does.Contain("<svg"));
        Assert.That(CliRun.Of("compare", _folder["a.json"], _folder["b.json"], "--baseline", _folder["b.json"]).Succeeded().Output, Does.Contain("0.33x"));
        Assert.That(CliRun.Of("compare", _folder["a.json"], _folder["b.json"], "--markdown").Succeeded().Output, Does.StartWith("#").And.Contain("3.00x"));
    }

    [Test]
    public void What_cannot_be_compared_is_one_line()
    {
        BenchResults good = SuiteResults.Of("a", SuiteResults.Row("gemm", "products", 3));
        Write("a.json", good);
        Write("schema.json", good with { Schema = 7 });
        Write("suite.json", good with { Suite = "0" });
        Write("failed.json", good with { Failures = [new("gemm", "products", "host", "float32", 2, "its result is off by 3")] });
        _folder.Write("text.json", "not json"u8);
        _folder.Write("list.json", "[]"u8);
        _folder.Write("part.json", "{\"schema\":1}"u8);
        Write("unnamed.json", good with { LeftOut = [null!] });
        CliRun.Of("compare", _folder["none.json"]).Failed(ExitCode.Data, "none.json");
        CliRun.Of("compare", _folder["a.json"], _folder["schema.json"]).Failed(ExitCode.Data, "schema.json", "version 7");
        CliRun.Of("compare", _folder["a.json"], _folder["suite.json"]).Failed(ExitCode.Data, "suite.json", "suite 0");
        CliRun.Of("compare", _folder["a.json"], _folder["failed.json"]).Failed(ExitCode.Data, "failed.json", "off by 3");
        foreach (string file in new[] { "text.json", "list.json", "part.json", "unnamed.json" }) CliRun.Of("compare", _folder[file]).Failed(ExitCode.Data, file);
        CliRun.Of("compare", _folder["a.json"], "--html", _folder["c.txt"]).Failed(ExitCode.Usage, ".html");
        CliRun.Of("bench", "--family", "gram").Failed(ExitCode.Usage, "--family gram", "grams");
        CliRun.Of("bench", "--device", "host", "--filter", "nothing").Failed(ExitCode.Usage, "no case matches");
        CliRun.Of("bench", "--device", "gpu", "--tiny").Failed(ExitCode.Usage, "gpu");
        CliRun.Of("bench", "--regress", _folder["suite.json"], "--tiny", "--device", "host", "--filter", "rbf-small").Failed(ExitCode.Data, "suite.json", "measure the base again");
    }

    [Test]
    public void Cancelling_keeps_what_is_done()
    {
        using CancellationTokenSource source = new();
        source.CancelAfter(TimeSpan.FromMilliseconds(100));
        CliRun run = CliRun.Of(source.Token, "bench", "--tiny", "--device", "host", "--json", _folder["a.json"]);
        Assert.That(run.Code, Is.EqualTo(ExitCode.Cancelled));
        Assert.That(run.Error, Does.Contain("cancelled").And.Contain("a.json"));
        BenchResults kept = ResultReader.Read(_folder["a.json"]);
        Assert.That(kept.Failures, Is.Empty);
        Assert.That(kept.LeftOut, Is.Not.Empty);
    }

    [Test]
    public void Several_families_devices_and_filters_follow_one_option()
    {
        string output = CliRun.Of("bench", "--tiny", "--device", "host", "host", "--family", "products", "grams", "--filter", "rbf-small", "exp float32").Succeeded().Output;
        Assert.That(output, Does.Contain("rbf-small").And.Contain("exp"));
    }

    [Test]
    public void Threads_and_precision_choose_cases()
    {
        CliRun.Of("bench", "--tiny", "--device", "host", "--family", "products", "--filter", "gemm float", "--threads", "1", "--precision", "float64", "--json", _folder["a.json"]).Succeeded();
        Assert.That(ResultReader.Read(_folder["a.json"]).Rows.Select(row => (row.Case, row.Threads, row.Precision)), Is.EqualTo(new[] { ("gemm", 1, "float64") }));
        CliRun.Of("bench", "--tiny", "--device", "host", "--threads", "1000000").Failed(ExitCode.Usage, "no case matches", "--threads");
        CliRun.Of("bench", "--threads", "-1").Failed(ExitCode.Usage, "--threads -1");
        CliRun.Of("bench", "--precision", "float16").Failed(ExitCode.Usage, "float16");
    }

    private static CliRun Bench(params IReadOnlyList<string> more) => CliRun.Of(["bench", "--tiny", "--device", "host", "--filter", "rbf-small", .. more]);

    private string Written(string name, CliRun run)
    {
        run.Succeeded();
        return _folder[name];
    }

    private void Write(string name, BenchResults results) => File.WriteAllText(_folder[name], ResultFiles.ToJson(results));
}
