using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>dtw</c>: dynamic time warping of two series.</summary>
internal sealed class DtwCommand : GenericVerb
{
    /// <summary>Tables up to this many cells are computed to be drawn.</summary>
    private const long MostCellsDrawn = 16 << 20;

    private readonly SeriesPairInput _input = new();
    private readonly WarpingOptions _warping = new();

    private readonly Option<string?> _path = new("--path")
    {
        Description = "Write the matched indices of A and B to this .csv file, as columns x and y.",
        HelpName = "P.csv",
    };

    private readonly Option<string?> _costMatrix = new("--cost-matrix")
    {
        Description = "Write the accumulated costs, samples of A x samples of B, to this .npy file.",
        HelpName = "C.npy",
    };

    private readonly Option<bool> _error = new("--error") { Description = "With --precision float32: tell how far the distance is from that of float64, which the host computes." };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw both series, what is matched, and the costs with window and path, to this .svg file.",
        HelpName = "P.svg",
    };

    /// <summary>Declares the verb.</summary>
    public DtwCommand()
        : base(
            "dtw",
            "Dynamic time warping of two series: distance, path, accumulated costs, drawings. Without options: the square root of the least sum of squared differences. Where no path exists, the distance is infinite (\"Infinity\" in JSON).",
            float64ByDefault: true,
            "dtw a.csv b.csv --window 10 --json",
            "dtw a.npy b.npy --step symmetric2 --cost absolute --path path.csv --plot path.svg",
            "dtw spoken.wav other.wav --features mfcc --window-fraction 0.1",
            "dtw part.csv whole.csv --open-begin --open-end --cost-matrix costs.npy --precision float32",
            "dtw a.csv b.csv --preset aeon --window-fraction 0.2")
    {
        _input.AddTo(this);
        foreach (Option option in _warping.All) Add(option);
        Add(_path);
        Add(_costMatrix);
        Add(_plot);
        Add(_error);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        DtwOptions options = _warping.Read(arguments);
        RequireOutputs(arguments);
        if (arguments.GetValue(_error) && typeof(T) == typeof(double)) throw new UsageException("--error tells what float32 loses; give --precision float32");
        (Tensor<T> a, Tensor<T> b) = _input.Read<T>(arguments, options.Missing);
        string? one = FirstGiven(arguments, _path, _costMatrix, _plot);
        bool hasOnePath = options.Channels == ChannelAlignment.Dependent || a.Lengths[1] == 1;
        if (one is not null && !hasOnePath) throw new UsageException($"{one}: channels that are aligned one by one have a path each, not one together; leave --independent out");
        if (arguments.GetValue(_costMatrix) is not null) TableMemory.Require<T>(_costMatrix.Name, a.Lengths[0], b.Lengths[0], "--path needs memory for the lengths alone");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        options = options with { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        bool wantsPath = hasOnePath && (arguments.GetValue(Json) || one is not null || options.Step.Normalization != StepNormalization.None);
        DtwResult<T> result = terminal.WithProgress("dtw", _ => Compute(a, b, options, wantsPath));
        if (one is not null && T.IsNaN(result.Distance)) throw new DataException($"{one}: a sample is missing, so there is no path; --missing skip lets it cost nothing");
        if (one is not null && result.Path is null) throw new DataException($"{one}: {WarpingOptions.NoPath(a.Lengths[0], b.Lengths[0])}");
        WriteFiles(arguments, a, b, options, result);
        if (arguments.GetValue(_error)) result = result with { Error = ErrorOf(result.Distance, arguments, options) };
        if (arguments.GetValue(Json)) terminal.WriteJson(result);
        else Show(arguments, terminal.Console, result);
    }

    private double ErrorOf<T>(T distance, ParseResult arguments, DtwOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Tensor<double> a, Tensor<double> b) = _input.Read<double>(arguments, options.Missing);
        double computed = double.CreateChecked(distance), exact = Dtw.Distance(a, b, options with { Device = null });
        return computed.Equals(exact) ? 0 : Math.Abs(computed - exact);
    }

    private static DtwResult<T> Compute<T>(Tensor<T> a, Tensor<T> b, DtwOptions options, bool wantsPath)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long started = Stopwatch.GetTimestamp();
        long skipped = 0;
        T distance = Dtw.Distance(a, b, options with { Report = report => skipped = report.SkippedValues });
        DtwAlignment<T>? alignment = wantsPath && T.IsFinite(distance) ? Dtw.Align(a, b, options) : null;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(distance, alignment?.NormalizedDistance, alignment?.Path, options.Device!.Description.Name, seconds, Error: null, options.Missing == MissingSamples.Skip ? skipped : null);
    }

    private void WriteFiles<T>(ParseResult arguments, Tensor<T> a, Tensor<T> b, DtwOptions options, DtwResult<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (arguments.GetValue(_path) is { } path) WritePath(path, result.Path!);
        string? matrix = arguments.GetValue(_costMatrix), plot = arguments.GetValue(_plot);
        bool drawsCosts = plot is not null && a.Lengths[0] * b.Lengths[0] <= MostCellsDrawn;
        Tensor<T>? costs = matrix is not null || drawsCosts ? Dtw.CostMatrix(a, b, options) : null;
        if (matrix is not null) Npy.Write(matrix, costs!);
        if (plot is null) return;
        (string pathA, string pathB) = _input.Paths(arguments);
        string title = string.Create(CultureInfo.InvariantCulture, $"distance {double.CreateChecked(result.Distance):G6}, {result.Path!.Count} matches");
        OutputFile.WriteText(plot, AlignmentPlot.OfPath(
            title, PlotSeries.Of("A", pathA, a), PlotSeries.Of("B", pathB, b), result.Path, options.Window, costs is null ? null : TableCells.Of(costs)));
    }

    private static void WritePath(string file, WarpingPath path)
    {
        Tensor<int> matches = Tensor.CreateFromShape<int>([path.Count, 2]);
        for (int i = 0; i < path.Count; i++) (matches[i, 0], matches[i, 1]) = path[i];
        Csv.Write(file, matches, new() { ColumnNames = ["x", "y"] });
    }

    private void RequireOutputs(ParseResult arguments)
    {
        (string a, string b) = _input.Paths(arguments);
        foreach ((Option<string?> option, string extension) in new[] { (_path, ".csv"), (_costMatrix, ".npy"), (_plot, ".svg") })
        {
            if (arguments.GetValue(option) is { } file) OutputFile.RequireKind(option.Name, file, extension, a, b);
        }
    }

    private static string? FirstGiven(ParseResult arguments, params ReadOnlySpan<Option<string?>> options)
    {
        foreach (Option<string?> option in options)
        {
            if (arguments.GetValue(option) is not null) return option.Name;
        }

        return null;
    }

    private void Show<T>(ParseResult arguments, IAnsiConsole console, DtwResult<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Table table = new() { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns("", "");
        table.AddRow("distance", $"[bold]{Number(result.Distance)}[/]");
        if (result.NormalizedDistance is { } normalized) table.AddRow("normalised distance", Number(normalized));
        if (result.Path is { } path) table.AddRow("matches", path.Count.ToString(CultureInfo.InvariantCulture));
        if (T.IsPositiveInfinity(result.Distance)) table.AddRow("path", "none: the window or the steps leave none");
        if (result.SkippedValues is { } skipped) table.AddRow("missing values", skipped.ToString(CultureInfo.InvariantCulture));
        if (result.Error is { } error) table.AddRow("from float64", error.ToString("G3", CultureInfo.InvariantCulture));
        table.AddRow("device", Markup.Escape(result.Device));
        table.AddRow("time", Units.Seconds(result.Seconds));
        console.Write(table);
        foreach (Option<string?> option in new[] { _path, _costMatrix, _plot })
        {
            if (arguments.GetValue(option) is { } file) console.MarkupLineInterpolated($"written to [green]{file}[/]");
        }

        static string Number(T value) => value.ToString(null, CultureInfo.InvariantCulture);
    }
}
