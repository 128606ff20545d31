using System.CommandLine;
using System.Globalization;

namespace FusionKernels.Cli;

/// <summary>An elastic measure by its name, and the options that are its parameters; defaults are aeon's.</summary>
/// <param name="Name">The name.</param>
/// <param name="Parameters">The options that it takes.</param>
/// <param name="Create">Makes it from what was typed behind them.</param>
internal sealed record MeasureChoice(string Name, IReadOnlyList<string> Parameters, Func<Func<string, double?>, ElasticOptions> Create)
{
    /// <summary>The measures, in the order of the documentation.</summary>
    public static IReadOnlyList<MeasureChoice> All { get; } =
    [
        new("msm", ["--c"], p => new MsmOptions { Cost = p("--c") ?? 1 }),
        new("twe", ["--nu", "--lambda"], p => new TweOptions { Stiffness = p("--nu") ?? 0.001, Penalty = p("--lambda") ?? 1 }),
        new("erp", ["--g"], p => new ErpOptions { Gap = p("--g") ?? 0 }),
        new("lcss", ["--epsilon"], p => new LcssOptions { Tolerance = p("--epsilon") ?? 1 }),
        new("edr", ["--epsilon"], p => new EdrOptions { Tolerance = p("--epsilon") }),
        new("ddtw", [], _ => new DdtwOptions()),
        new("wdtw", ["--g"], p => new WdtwOptions { Steepness = p("--g") ?? 0.05 }),
        new("adtw", ["--penalty"], p => new AdtwOptions { Penalty = p("--penalty") ?? 1 }),
        new("shapedtw", ["--reach"], p => new ShapeDtwOptions { Reach = Whole("--reach", p("--reach") ?? 15) }),
        new("frechet", [], _ => new FrechetOptions()),
    ];

    /// <summary>The names that <c>--measure</c> understands.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.Name);

    /// <summary>The measure of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static MeasureChoice Find(string name) =>
        All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw WarpingOptions.Unknown("measure", name, [.. Names]);

    /// <summary>The measure with its parameters as typed.</summary>
    /// <param name="options">The parameters of all measures.</param>
    /// <param name="arguments">What was typed.</param>
    /// <exception cref="UsageException">The measure does not take a parameter that was typed, or its value is out of range.</exception>
    public ElasticOptions Read(IReadOnlyList<Option<double?>> options, ParseResult arguments)
    {
        foreach (Option<double?> option in options)
        {
            if (arguments.GetValue(option) is null || Parameters.Contains(option.Name)) continue;
            throw new UsageException($"{Name} does not take {option.Name}; it takes {(Parameters.Count == 0 ? "no parameters" : string.Join(", ", Parameters))}");
        }

        try
        {
            ElasticOptions measure = Create(name => arguments.GetValue(options.First(option => option.Name == name)));
            measure.Problem(channels: 1); // of what was typed, nothing depends on the series
            return measure;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{Name}: {Failure.WithoutParameter(exception)}");
        }
    }

    private static int Whole(string option, double value) => value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
        ? (int)value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} {value}: a whole number is needed"));
}
