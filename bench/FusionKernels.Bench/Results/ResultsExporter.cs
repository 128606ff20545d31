using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;

namespace FusionKernels.Bench;

/// <summary>Writes BenchmarkDotNet's results as this project keeps them: <c>bench.md</c> and <c>bench.json</c> in the machine's folder.</summary>
internal sealed class ResultsExporter(BenchOptions options, IReadOnlyList<DeviceSession> sessions) : IExporter
{
    /// <inheritdoc/>
    public string Name => "fusionkernels";

    /// <inheritdoc/>
    public IEnumerable<string> ExportToFiles(Summary summary, ILogger consoleLogger)
    {
        BenchResults results = Results(summary);
        return ResultFiles.Write(options.Folder, results.Machine, "bench", results.ToMarkdown(), results);
    }

    /// <inheritdoc/>
    public void ExportToLog(Summary summary, ILogger logger) => logger.Write(Results(summary).ToMarkdown());

    private BenchResults Results(Summary summary)
    {
        string version = Machine.VersionOf(typeof(Summary).Assembly);
        Machine machine = Machine.Describe(
            options.Machine,
            [.. sessions.Select(session => session.Device.Description)],
            new Dictionary<string, string> { ["BenchmarkDotNet"] = version });
        return new(
            BenchResults.CurrentSchema,
            BenchResults.CurrentSuite,
            machine,
            "BenchmarkDotNet in this process, 3 warm-up and 12 measured iterations of a quarter of a second or one call",
            [.. sessions.Select(DeviceResult.Of)],
            [.. BenchmarkDotNetRun.InOrder(summary).Select(benchmark => BenchmarkDotNetRun.RowOf(summary, benchmark)).OfType<ResultRow>()],
            []);
    }
}
