using System.CommandLine;
using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>moving</c>: statistics of the moving windows of one series.</summary>
internal sealed class MovingCommand : GenericVerb
{
    private static readonly string[] s_statistics = [.. Enum.GetNames<MovingStatistic>().Select(name => name.ToLowerInvariant())];

    private readonly Argument<string> _x = new("X") { Description = $"One series: {SeriesFile.Forms}." };

    private readonly Option<int> _window = new("--window")
    {
        Description = "Samples of a window, 1 to those of the series.",
        HelpName = "w",
        Required = true,
        CustomParser = result => OptionNumber.Integer(result, "--window", 1, int.MaxValue, "a window has 1 sample or more"),
    };

    private readonly Option<string> _statistic = new("--statistic")
    {
        Description = $"What is computed of the samples of a window: {string.Join(", ", s_statistics)}.",
        HelpName = "name",
        DefaultValueFactory = _ => s_statistics[0],
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "The .npy or .csv file to write: windows x channels.",
        HelpName = "M.npy",
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw the first channel between the least and the greatest sample of its windows, with their means and deviations, to this .svg file.",
        HelpName = "P.svg",
    };

    /// <summary>Declares the verb.</summary>
    public MovingCommand()
        : base(
            "moving",
            "The mean, deviation, minimum or maximum of every window of consecutive samples of a series, channel by channel.",
            float64ByDefault: false,
            "moving x.csv --window 9 --output means.csv",
            "moving x.npy --window 25 --statistic deviation --output spread.npy --json",
            "moving x.csv --window 9 --plot moving.svg")
    {
        _statistic.AcceptOnlyFromAmong(s_statistics);
        Add(_x);
        foreach (Option option in new Option[] { _window, _statistic, _output, _plot }) Add(option);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string path = arguments.GetRequiredValue(_x);
        string? output = arguments.GetValue(_output), plot = arguments.GetValue(_plot);
        bool isText = Path.GetExtension(output)?.Equals(".csv", StringComparison.OrdinalIgnoreCase) == true;
        if (output is not null) OutputFile.RequireKind(_output.Name, output, isText ? ".csv" : ".npy", path);
        if (plot is not null) OutputFile.RequireKind(_plot.Name, plot, ".svg", path);
        Tensor<T> series = SeriesFile.Read<T>(path);
        int window = arguments.GetValue(_window);
        if (window > series.Lengths[0]) throw new UsageException($"--window {window}: {path} has only {series.Lengths[0]} samples");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        ExecutionOptions options = new() { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        MovingStatistic statistic = Enum.Parse<MovingStatistic>(arguments.GetRequiredValue(_statistic), ignoreCase: true);
        Tensor<T> channels = Tensor.Transpose(series);
        long started = Stopwatch.GetTimestamp();
        Tensor<T> found = Tensor.Transpose(MovingStatistics.Compute(channels, window, statistic, options));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (output is not null)
        {
            if (isText) Csv.Write(output, found);
            else Npy.Write(output, found);
        }

        if (plot is not null) OutputFile.WriteText(plot, MovingPlot.Svg(PlotSeries.Of("X", path, series), window, of => Values(MovingStatistics.Compute(channels[..1, ..], window, of, options))));
        T least = Tensor.Min<T>(found), greatest = Tensor.Max<T>(found);
        if (arguments.GetValue(Json)) terminal.WriteJson(new { windows = (long)found.Lengths[0], channels = (long)found.Lengths[1], least, greatest, device = device.Description.Name, seconds });
        else terminal.Console.MarkupLineInterpolated($"[bold]{statistic}[/] of {found.Lengths[0]} windows, {least} to {greatest}; {device.Description.Name}: {Units.Seconds(seconds)}");
    }

    private static double[] Values<T>(Tensor<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. row.ToArray().Select(double.CreateChecked)];
}
