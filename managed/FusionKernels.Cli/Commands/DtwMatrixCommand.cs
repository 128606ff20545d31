using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Warping;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>dtw-matrix</c>: the distances of all pairs of one set of series, or of two.</summary>
internal sealed class DtwMatrixCommand : GenericVerb
{
    private readonly Argument<string> _x = new("X") { Description = $"A set of series: {SeriesFile.SetForms}." };

    private readonly Argument<string?> _y = new("Y")
    {
        Description = "Another set; without it, all pairs of X, each computed once.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The .npy file to write: series of X x series of Y.",
        HelpName = "D.npy",
        Required = true,
    };

    private readonly WarpingOptions _warping = new();

    /// <summary>Declares the verb.</summary>
    public DtwMatrixCommand()
        : base(
            "dtw-matrix",
            "Distances of all pairs of series under dynamic time warping. Written block by block; after an interruption the same command goes on.",
            float64ByDefault: false,
            "dtw-matrix train.ts --window-fraction 0.1 --output d.npy",
            "dtw-matrix test.npy train.npy --output d.npy --device cuda:0 --json",
            "dtw-matrix series.csv --independent --no-root --precision float64 --output d.npy")
    {
        Add(_x);
        Add(_y);
        Add(_output);
        foreach (Option option in _warping.All) Add(option);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        DtwOptions warping = _warping.Read(arguments);
        string pathX = arguments.GetRequiredValue(_x), output = arguments.GetRequiredValue(_output);
        string? pathY = arguments.GetValue(_y);
        OutputFile.RequireKind("--output", output, ".npy", [pathX, .. pathY is null ? [] : new[] { pathY }]);
        TimeSeriesSet<T> x = SeriesFile.ReadSet<T>(pathX, warping.Missing);
        TimeSeriesSet<T>? y = pathY is null ? null : SeriesFile.ReadSet<T>(pathY, warping.Missing);
        if (y is not null) SeriesPairInput.RequireSameChannels(pathX, x.Channels, pathY!, y.Channels);
        else if (x.Count == 1) throw new DataException($"{pathX} holds one series; pairs need two, or a second set");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double));
        (MatrixFileSummary written, ExecutionReport report) = terminal.WithProgress(
            $"dtw-matrix on {device.Description.Name}",
            progress => Write(output, x, y, OfFile(warping, device, arguments.GetValue(Threads), progress, cancellation)));
        WarpingPlan plan = Plan(x, y, warping.Problem(), written.ResumedRows);
        double seconds = report.TotalSeconds;
        long? skipped = warping.Missing == MissingSamples.Skip ? report.SkippedValues : null;
        DtwMatrixResult result = new(plan.Pairs, (long)Math.Round(plan.Cells), seconds, plan.Cells / seconds / 1e9, report.PeakBytes, written.ResumedRows, skipped);
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(terminal.Console, result, written, report);
    }

    private static DtwFileOptions OfFile(DtwOptions warping, ComputeDevice device, int threads, IProgress<Step> progress, CancellationToken cancellation) => new()
    {
        Cost = warping.Cost,
        Root = warping.Root,
        Window = warping.Window,
        Step = warping.Step,
        Ends = warping.Ends,
        Penalty = warping.Penalty,
        Channels = warping.Channels,
        Missing = warping.Missing,
        Device = device,
        Threads = threads,
        Cancellation = cancellation,
        Progress = new FractionProgress(progress),
    };

    private static (MatrixFileSummary Written, ExecutionReport Report) Write<T>(string output, TimeSeriesSet<T> x, TimeSeriesSet<T>? y, DtwFileOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ExecutionReport? report = null;
        options = options with { Report = told => report = told };
        try
        {
            MatrixFileSummary written = y is null ? Dtw.DistancesTo(output, x.Series, options) : Dtw.DistancesTo(output, x.Series, y.Series, options);
            return (written, report!);
        }
        catch (OperationCanceledException)
        {
            throw new ResumableInterruption("cancelled; the same command goes on where this one stopped");
        }
    }

    /// <summary>What this run computed: the rows that were not there yet, of one set and a symmetric problem from their own column on.</summary>
    private static WarpingPlan Plan<T>(TimeSeriesSet<T> x, TimeSeriesSet<T>? y, WarpingProblem problem, int resumedRows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] rows = [.. Lengths(x).Skip(resumedRows)];
        bool isHalf = y is null && problem.IsSymmetric;
        return new(problem, rows, isHalf ? rows : [.. Lengths(y ?? x)], isHalf, x.Channels, Unsafe.SizeOf<T>());
    }

    private static IEnumerable<int> Lengths<T>(TimeSeriesSet<T> set)
        where T : unmanaged => set.Series.Select(series => (int)series.Lengths[0]);

    private static void Show(IAnsiConsole console, DtwMatrixResult result, MatrixFileSummary written, ExecutionReport report)
    {
        console.MarkupLineInterpolated($"[bold]{written.Rows} x {written.Columns}[/] distances of {result.Pairs.ToString("N0", CultureInfo.InvariantCulture)} pairs");
        string speed = $"{Units.Seconds(result.Seconds)}, {Units.Significant(result.Gcups)} GCUPS, {Units.Bytes(result.PeakBytes)} at the most";
        console.MarkupLineInterpolated($"{report.Device}, {report.Precision}: {speed}");
        if (result.SkippedValues is { } skipped) console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{skipped} missing values were skipped");
        if (written.ResumedRows > 0) console.MarkupLineInterpolated($"{written.ResumedRows} rows were there from an interrupted run");
        if (written.Discarded is { } reason) console.MarkupLineInterpolated($"an interrupted run was discarded: {reason}");
        console.MarkupLineInterpolated($"written to [green]{written.Path}[/]");
    }
}
