using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>distance</c>: an elastic distance of two series beside plain dynamic time warping.</summary>
internal sealed class DistanceCommand : GenericVerb
{
    private readonly SeriesPairInput _input = new();

    private readonly Option<string> _measure = new("--measure")
    {
        Description = $"One of {string.Join(", ", MeasureChoice.Names)}.",
        HelpName = "name",
        Required = true,
    };

    private readonly Option<double?>[] _parameters =
    [
        Parameter("--c", "what a split or a merge costs, 1"),
        Parameter("--nu", "what a step of time costs, 0.001"),
        Parameter("--lambda", "what leaving out a sample costs, 1"),
        Parameter("--g", "erp: what left-out samples are compared with, 0; wdtw: how steeply weights rise, 0.05"),
        Parameter("--epsilon", "how near samples are the same; lcss 1, edr a quarter of the larger deviation"),
        Parameter("--penalty", "what a step off the diagonal costs, 1"),
        Parameter("--reach", "samples to either side that describe a shape, 15"),
    ];

    private readonly WindowOptions _window = new();
    private readonly MissingOption _missing = new(skips: false);

    /// <summary>Declares the verb.</summary>
    public DistanceCommand()
        : base(
            "distance",
            "An elastic distance of two series: edit distances and variants of dynamic time warping. Definitions and defaults are aeon's; sums without a root.",
            float64ByDefault: true,
            "distance a.csv b.csv --measure msm --c 0.5",
            "distance a.npy b.npy --measure twe --nu 0.001 --lambda 1 --json",
            "distance a.csv b.csv --measure lcss --epsilon 0.2 --window-fraction 0.1")
    {
        _input.AddTo(this);
        Add(_measure);
        foreach (Option<double?> parameter in _parameters) Add(parameter);
        foreach (Option option in _window.All) Add(option);
        Add(_missing);
        _window.Fraction.Description = "aeon's band: a fraction of the shorter length, 0 to 1.";
    }

    private static Option<double?> Parameter(string name, string meaning)
    {
        string measures = string.Join(", ", MeasureChoice.All.Where(one => one.Parameters.Contains(name)).Select(one => one.Name));
        return new(name) { Description = $"For {measures}: {meaning}.", HelpName = "number", CustomParser = result => OptionNumber.Finite(result, name) };
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        MeasureChoice choice = MeasureChoice.Find(arguments.GetRequiredValue(_measure));
        ElasticOptions measure = choice.Read(_parameters, arguments);
        _window.RequireOne(arguments);
        WarpingWindow window = WindowOptions.Of(_window.Fraction, arguments, LibraryWindows.Aeon) ?? _window.Read(arguments) ?? WarpingWindow.None;
        MissingSamples missing = _missing.Read(arguments);
        (Tensor<T> a, Tensor<T> b) = _input.Read<T>(arguments, missing);
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        long started = Stopwatch.GetTimestamp();
        measure = measure with { Window = window, Missing = missing, Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation };
        T distance = terminal.WithProgress(choice.Name, _ => ElasticDistance.Between(a, b, measure));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (arguments.GetValue(Json))
        {
            terminal.WriteJson(new { distance });
            return;
        }

        terminal.Console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{distance.ToString(null, CultureInfo.InvariantCulture)}[/]");
        terminal.Console.MarkupLineInterpolated($"{choice.Name} on {device.Description.Name}: {Units.Seconds(seconds)}");
    }
}
