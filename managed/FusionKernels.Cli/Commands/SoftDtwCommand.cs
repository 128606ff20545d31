using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>soft-dtw</c>: soft dynamic time warping of two series.</summary>
internal sealed class SoftDtwCommand : GenericVerb
{
    private readonly SeriesPairInput _input = new();
    private readonly WindowOptions _window = new();
    private readonly MissingOption _missing = new();

    private readonly Option<double?> _gamma = new("--gamma")
    {
        Description = "The smoothing, above 0, in the unit of squared samples; 1 by default.",
        HelpName = "g",
        CustomParser = result => OptionNumber.Finite(result, "--gamma"),
    };

    private readonly Option<bool> _divergence = new("--divergence") { Description = "Less the mean of either series' value against itself: 0 for equal series." };

    private readonly Option<string?> _gradient = new("--gradient")
    {
        Description = "Write the derivatives with respect to the samples of A to this .npy file.",
        HelpName = "G.npy",
    };

    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw which samples are matched, and to what share, to this .svg file.",
        HelpName = "P.svg",
    };

    /// <summary>Declares the verb.</summary>
    public SoftDtwCommand()
        : base(
            "soft-dtw",
            "Soft dynamic time warping of two series: -gamma ln of the sum over all alignments of exp(-cost / gamma). The value may be negative.",
            float64ByDefault: true,
            "soft-dtw a.csv b.csv --gamma 0.1",
            "soft-dtw a.npy b.npy --gamma 1 --divergence --gradient g.npy --json",
            "soft-dtw a.csv b.csv --gamma 10 --window 20 --plot soft.svg")
    {
        _input.AddTo(this);
        Add(_gamma);
        Add(_divergence);
        foreach (Option option in _window.All) Add(option);
        Add(_missing);
        Add(_gradient);
        Add(_plot);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        SoftDtwOptions options = ReadOptions(arguments) with { Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        (string pathA, string pathB) = _input.Paths(arguments);
        string? gradient = arguments.GetValue(_gradient), plot = arguments.GetValue(_plot);
        if (gradient is not null) OutputFile.RequireKind(_gradient.Name, gradient, ".npy", pathA, pathB);
        if (plot is not null) OutputFile.RequireKind(_plot.Name, plot, ".svg", pathA, pathB);
        (Tensor<T> a, Tensor<T> b) = _input.Read<T>(arguments, options.Missing);
        if (plot is not null) TableMemory.Require<T>(_plot.Name, a.Lengths[0], b.Lengths[0], "the value and --gradient keep no table");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        long started = Stopwatch.GetTimestamp(), skippedValues = 0;
        options = options with { Device = device, Report = report => skippedValues = report.SkippedValues };
        T value = terminal.WithProgress("soft-dtw", _ => Compute(a, b, options, arguments.GetValue(_divergence), gradient));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (plot is not null)
        {
            string title = string.Create(CultureInfo.InvariantCulture, $"soft alignment, gamma {options.Gamma:G6}");
            Tensor<T> expected = SoftDtw.ExpectedAlignment(a, b, options);
            OutputFile.WriteText(plot, AlignmentPlot.OfExpectation(title, PlotSeries.Of("A", pathA, a), PlotSeries.Of("B", pathB, b), options.Window, TableCells.Of(expected)));
        }

        bool skips = options.Missing == MissingSamples.Skip;
        string ran = $"{device.Description.Name}: {Units.Seconds(seconds)}{(skips ? $", {skippedValues} missing values skipped" : "")}";
        if (!arguments.GetValue(Json)) Show(terminal.Console, value, ran, gradient, plot);
        else if (skips) terminal.WriteJson(new { value, skippedValues });
        else terminal.WriteJson(new { value });
    }

    private SoftDtwOptions ReadOptions(ParseResult arguments)
    {
        double gamma = arguments.GetValue(_gamma) ?? 1;
        if (gamma <= 0) throw new UsageException(FormattableString.Invariant($"--gamma {gamma}: a number above 0 is needed"));
        return new() { Gamma = gamma, Window = _window.Read(arguments) ?? WarpingWindow.None, Missing = _missing.Read(arguments) };
    }

    private static T Compute<T>(Tensor<T> a, Tensor<T> b, SoftDtwOptions options, bool isDivergence, string? gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (gradient is null) return isDivergence ? SoftDtw.Divergence(a, b, options) : SoftDtw.Value(a, b, options);
        SoftDtwGradient<T> computed = isDivergence ? SoftDtw.DivergenceAndGradient(a, b, options) : SoftDtw.ValueAndGradient(a, b, options);
        Npy.Write(gradient, computed.X);
        return computed.Value;
    }

    private static void Show<T>(IAnsiConsole console, T value, string ran, params ReadOnlySpan<string?> files)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        console.MarkupLineInterpolated($"[bold]{value.ToString(null, CultureInfo.InvariantCulture)}[/]");
        console.MarkupLineInterpolated($"{ran}");
        foreach (string? file in files)
        {
            if (file is not null) console.MarkupLineInterpolated($"written to [green]{file}[/]");
        }
    }
}
