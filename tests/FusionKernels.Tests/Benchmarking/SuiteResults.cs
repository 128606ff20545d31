using FusionKernels.Bench;

namespace FusionKernels.Tests.Benchmarking;

/// <summary>Results of the suite that nobody measured.</summary>
internal static class SuiteResults
{
    /// <summary>Results of one machine with a host of two cores.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="rows">Its rows.</param>
    public static BenchResults Of(string name, params IReadOnlyList<ResultRow> rows) => new(
        BenchResults.CurrentSchema,
        BenchResults.CurrentSuite,
        new(name, "2026-01-01 00:00 UTC", "a processor", 2, 1L << 34, "a system", ".NET", "512", new Dictionary<string, string> { ["FusionKernels"] = "1.0.0+abc" }),
        "made up",
        [new(new("host", DeviceKind.Host, "a processor", ".NET", 1L << 34, 2, 1, true), [new("float32", 1, 100, 8, 30, 20), new("float32", 2, 200, 16, 50, 40)])],
        rows,
        []);

    /// <summary>A row of ten runs.</summary>
    public static ResultRow Row(
        string name, string family, double seconds, double spread = 0.02, int threads = 2, double gflops = 100, double cells = 0, double allocated = 100, double launches = 0, int runs = 10, double rows = 0) => new(
        name,
        family,
        "64 x 64",
        "host",
        "float32",
        threads,
        seconds,
        seconds * (1 - (2 * spread)),
        seconds * (1 - spread),
        seconds * (1 + spread),
        3 * seconds,
        null,
        runs,
        gflops / seconds,
        0,
        cells / seconds,
        10 / seconds,
        rows / seconds,
        50,
        "multiply-add",
        1e-7,
        allocated,
        launches,
        1000,
        null,
        null);
}
