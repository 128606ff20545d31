using System.Collections.Concurrent;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;
using RunMode = BenchmarkDotNet.Jobs.RunMode;

namespace FusionKernels.Bench;

/// <summary>Runs the cases through BenchmarkDotNet, in this process, so that published programs need no SDK.</summary>
/// <remarks>BenchmarkDotNet makes the benchmark's objects itself; what they share with this run is static for that reason.</remarks>
internal static class BenchmarkDotNetRun
{
    private static readonly ConcurrentDictionary<CaseEntry, CaseFacts> s_facts = new();

    /// <summary>The cases of the run.</summary>
    public static IReadOnlyList<CaseEntry> Entries { get; private set; } = [];

    /// <summary>Runs the cases and writes the results.</summary>
    /// <returns>Whether every case ran.</returns>
    public static bool Execute(BenchOptions options, IReadOnlyList<DeviceSession> sessions, IReadOnlyList<CaseEntry> entries)
    {
        Entries = entries;
        s_facts.Clear();
        ResultsExporter exporter = new(options, sessions);
        Summary summary = BenchmarkRunner.Run<Benchmarks>(Configure(options, exporter));
        return summary.BenchmarksCases.Length == entries.Count && summary.BenchmarksCases.All(benchmark => RowOf(summary, benchmark) is not null);
    }

    /// <summary>Keeps what the tables tell of a case beside its time.</summary>
    public static void Keep(CaseEntry entry, CaseFacts facts) => s_facts[entry] = facts;

    /// <summary>The results of one benchmark; null where it failed.</summary>
    public static ResultRow? RowOf(Summary summary, BenchmarkCase benchmark)
    {
        CaseEntry entry = EntryOf(benchmark);
        if (summary[benchmark] is not { Success: true, ResultStatistics: { } statistics } report || !s_facts.TryGetValue(entry, out CaseFacts? facts)) return null;
        long? allocated = report.GcStats.GetBytesAllocatedPerOperation(benchmark);
        Timing timing = new(double.NaN, statistics.Median / 1e9, statistics.Min / 1e9, statistics.Q1 / 1e9, statistics.Q3 / 1e9, statistics.N, allocated ?? 0);
        return ResultRow.Of(entry, facts, timing, allocated is not null);
    }

    /// <summary>The benchmarks in the order of the catalog.</summary>
    public static IEnumerable<BenchmarkCase> InOrder(Summary summary)
    {
        Dictionary<CaseEntry, BenchmarkCase> benchmarks = summary.BenchmarksCases.ToDictionary(EntryOf);
        return Entries.Where(benchmarks.ContainsKey).Select(entry => benchmarks[entry]);
    }

    private static CaseEntry EntryOf(BenchmarkCase benchmark) => (CaseEntry)benchmark.Parameters[nameof(Benchmarks.Case)];

    private static ManualConfig Configure(BenchOptions options, ResultsExporter exporter)
    {
        // Calls take from microseconds to a second: an iteration is as many calls as fill its time, one at least.
        RunMode mode = new()
        {
            RunStrategy = RunStrategy.Throughput,
            UnrollFactor = 1,
            WarmupCount = options.Tiny ? 1 : 3,
            IterationCount = options.Tiny ? 2 : 12,
            IterationTime = TimeInterval.FromMilliseconds(options.Tiny ? 1 : 250),
        };
        AccuracyMode accuracy = new() { MinInvokeCount = 1, EvaluateOverhead = !options.Tiny };
        Job job = new Job("InProcess", mode, accuracy).WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromMinutes(10), logOutput: true));
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(ConsoleLogger.Default)
            .AddColumn(Columns())
            .AddColumnProvider(DefaultColumnProviders.Params)
            .AddExporter(exporter)
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(48));
    }

    private static IColumn[] Columns() =>
    [
        StatisticColumn.Median,
        StatisticColumn.Min,
        .. ResultColumn.All,
    ];
}
