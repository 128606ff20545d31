using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace FusionKernels.Bench;

/// <summary>One of our columns in BenchmarkDotNet's table.</summary>
internal sealed class ResultColumn(string name, string legend, int priority, Func<ResultRow, string> cell) : IColumn
{
    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<IColumn> All { get; } =
    [
        new ResultColumn("Shape", "Sizes", 0, row => row.Shape),
        new ResultColumn("Device", "Where it ran", 1, row => row.Device),
        new ResultColumn("GFLOP/s", "10^9 operations per second", 2, row => Format.Number(row.Gflops)),
        new ResultColumn("Gexp/s", "10^9 exponentials per second", 3, row => Format.Number(row.GigaExponentials)),
        new ResultColumn("GCUPS", "10^9 cells of alignment tables per second", 4, row => Format.Number(row.GigaCells)),
        new ResultColumn("GB/s", "10^9 bytes of operands and results per second", 5, row => Format.Number(row.GigabytesPerSecond)),
        new ResultColumn("% of peak", "The least possible time by the measured peaks, as a part of the median", 6, row => Format.Number(row.PercentOfPeak)),
        new ResultColumn("Bound by", "Which peak that is", 7, row => row.BoundBy ?? "-"),
        new ResultColumn("Max error", "Against the float64 reference at sampled places", 8, row => Format.Error(row.MaxError)),
        new ResultColumn("Bytes/call", "Managed bytes allocated per call", 9, row => Format.Bytes(row.AllocatedBytes)),
    ];

    /// <inheritdoc/>
    public string Id => $"FusionKernels.{name}";

    /// <inheritdoc/>
    public string ColumnName => name;

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => priority;

    /// <inheritdoc/>
    public bool IsNumeric => false;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public string Legend => legend;

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        BenchmarkDotNetRun.RowOf(summary, benchmarkCase) is { } row ? cell(row) : "-";

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => true;
}
