using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary>A library whose results are reproduced, and the options that are parameters of its own.</summary>
/// <param name="Name">The name.</param>
/// <param name="Taken">The options that it takes, beside <c>--root</c>, <c>--no-root</c>, <c>--independent</c> and <c>--missing</c>.</param>
/// <param name="Create">Makes the options from what was typed.</param>
internal sealed record PresetChoice(string Name, Func<WarpingOptions, IReadOnlyList<Option>> Taken, Func<WarpingOptions, ParseResult, DtwOptions> Create)
{
    /// <summary>The libraries.</summary>
    public static IReadOnlyList<PresetChoice> All { get; } =
    [
        new("dtaidistance", o => [o.Cost, o.Window.Radius, o.Ends.Psi, o.Penalty], (o, typed) => DtwOptions.Dtaidistance(
            typed.GetValue(o.Window.Radius), o.Ends.Read(typed), typed.GetValue(o.Penalty) ?? 0, euclidean: o.ReadCost(typed) switch
            {
                null or PointCost.SquaredEuclidean => false,
                PointCost.Euclidean => true,
                _ => throw new UsageException("dtaidistance has the costs squared-euclidean and euclidean"),
            })),
        new("tslearn", o => [o.Window.Radius, o.Window.Itakura], (o, typed) => DtwOptions.Tslearn(typed.GetValue(o.Window.Radius), typed.GetValue(o.Window.Itakura))),
        new("aeon", o => [o.Window.Fraction, o.Window.Itakura], (o, typed) => DtwOptions.Aeon(typed.GetValue(o.Window.Fraction), typed.GetValue(o.Window.Itakura))),
        new("rdtw", o => [o.Cost, o.Window.Radius, o.Window.Slanted, o.Step, o.Ends.OpenBegin, o.Ends.OpenEnd], (o, typed) => OfCost(
            o, typed, DtwOptions.RDtw(
                o.ReadStep(typed),
                typed.GetValue(o.Window.Radius) is { } size ? LibraryWindows.RSakoeChiba(size) : o.Window.Read(typed),
                typed.GetValue(o.Ends.OpenBegin),
                typed.GetValue(o.Ends.OpenEnd)))),
        new("librosa", o => [o.Cost, o.Window.Fraction, o.Step, o.Ends.OpenBegin, o.Ends.OpenEnd], (o, typed) => OfCost(
            o, typed, DtwOptions.Librosa(
                IsSubsequence(o, typed), typed.GetValue(o.Window.Fraction) is not null, typed.GetValue(o.Window.Fraction) ?? 0.25, o.ReadStep(typed)))),
    ];

    /// <summary>The names that <c>--preset</c> understands.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.Name);

    /// <summary>The library of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static PresetChoice Find(string name) =>
        All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw WarpingOptions.Unknown("preset", name, [.. Names]);

    /// <summary>The options of the library with its parameters as typed.</summary>
    /// <exception cref="UsageException">The library lacks a parameter that was typed, or its value is out of range there.</exception>
    public DtwOptions Read(WarpingOptions options, ParseResult arguments)
    {
        IReadOnlyList<Option> taken = Taken(options);
        Option[] common = [options.Root, options.NoRoot, options.Independent, options.Missing, options.Preset];
        foreach (Option option in options.All.Except(common).Except(taken))
        {
            if (arguments.GetResult(option) is not { Implicit: false }) continue;
            throw new UsageException($"--preset {Name} does not take {option.Name}; it takes {string.Join(", ", taken.Select(one => one.Name))}");
        }

        try
        {
            return Create(options, arguments);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--preset {Name}: {Failure.WithoutParameter(exception)}");
        }
    }

    private static DtwOptions OfCost(WarpingOptions options, ParseResult arguments, DtwOptions preset) =>
        options.ReadCost(arguments) is { } cost ? preset with { Cost = cost, Root = false } : preset;

    private static bool IsSubsequence(WarpingOptions options, ParseResult arguments)
    {
        bool begin = arguments.GetValue(options.Ends.OpenBegin), end = arguments.GetValue(options.Ends.OpenEnd);
        return begin == end ? begin : throw new UsageException("--preset librosa leaves both ends of B open or none; give --open-begin and --open-end, or neither");
    }
}
