using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary>The options that say how series are aligned, for every verb that aligns them.</summary>
internal sealed class WarpingOptions
{
    private static readonly (string Name, PointCost Cost)[] s_costs =
    [
        ("squared-euclidean", PointCost.SquaredEuclidean),
        ("absolute", PointCost.Absolute),
        ("euclidean", PointCost.Euclidean),
        ("cosine", PointCost.Cosine),
    ];

    /// <summary><c>--cost</c>.</summary>
    public Option<string?> Cost { get; } = new("--cost")
    {
        Description = $"What it costs to match two samples: {string.Join(", ", s_costs.Select(one => one.Name))}.",
        HelpName = "name",
    };

    /// <summary><c>--root</c>.</summary>
    public Option<bool> Root { get; } = new("--root") { Description = "Take the square root of the sum; the default for squared costs." };

    /// <summary><c>--no-root</c>.</summary>
    public Option<bool> NoRoot { get; } = new("--no-root") { Description = "Leave the sum as it is; the default for other costs." };

    /// <summary>Windows.</summary>
    public WindowOptions Window { get; } = new();

    /// <summary><c>--step</c>.</summary>
    public Option<string?> Step { get; } = new("--step")
    {
        Description = "The step pattern: symmetric1 (the default), symmetric2, asymmetric, symmetricP05, rj4c, ...; all names of R's dtw.",
        HelpName = "name",
    };

    /// <summary>Open ends.</summary>
    public EndsOptions Ends { get; } = new();

    /// <summary><c>--preset</c>.</summary>
    public Option<string?> Preset { get; } = new("--preset")
    {
        Description = $"Results as from {string.Join(", ", PresetChoice.Names)}; the other options are then that library's.",
        HelpName = "name",
    };

    /// <summary><c>--penalty</c>.</summary>
    public Option<double?> Penalty { get; } = new("--penalty")
    {
        Description = "What a step off the diagonal costs beside the samples, 0 or more; 0 by default.",
        HelpName = "p",
        CustomParser = result => OptionNumber.Finite(result, "--penalty"),
    };

    /// <summary><c>--independent</c>.</summary>
    public Option<bool> Independent { get; } = new("--independent") { Description = "Align channel by channel and add, instead of aligning vectors." };

    /// <summary><c>--missing</c>.</summary>
    public MissingOption Missing { get; } = new();

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [Cost, Root, NoRoot, .. Window.All, Step, .. Ends.All, Penalty, Independent, Missing, Preset];

    /// <summary>The options that were typed, to be completed with a device.</summary>
    /// <exception cref="UsageException">They contradict each other, or a name or number means nothing.</exception>
    public DtwOptions Read(ParseResult arguments)
    {
        Window.RequireOne(arguments);
        DtwOptions options = arguments.GetValue(Preset) is { } preset
            ? PresetChoice.Find(preset).Read(this, arguments)
            : new()
            {
                Cost = ReadCost(arguments) ?? PointCost.SquaredEuclidean,
                Window = Window.Read(arguments) ?? WarpingWindow.None,
                Step = ReadStep(arguments) ?? StepPattern.Symmetric1,
                Ends = Ends.Read(arguments),
                Penalty = arguments.GetValue(Penalty) ?? 0,
            };
        options = options with { Missing = Missing.Read(arguments) };
        if (ReadRoot(arguments) is { } root) options = options with { Root = root };
        if (arguments.GetValue(Independent)) options = options with { Channels = ChannelAlignment.Independent };
        try
        {
            options.Problem(); // of what was typed, nothing depends on the series
            return options;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Failure.WithoutParameter(exception));
        }
    }

    /// <summary>The cost that was typed; null where none was.</summary>
    /// <exception cref="UsageException">There is no such cost.</exception>
    public PointCost? ReadCost(ParseResult arguments)
    {
        if (arguments.GetValue(Cost) is not { } name) return null;
        foreach ((string known, PointCost cost) in s_costs)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase)) return cost;
        }

        throw Unknown("cost", name, [.. s_costs.Select(one => one.Name)]);
    }

    /// <summary>Whether a root was asked for; null where nothing was said.</summary>
    /// <exception cref="UsageException">It was asked for and refused.</exception>
    public bool? ReadRoot(ParseResult arguments)
    {
        bool root = arguments.GetValue(Root), none = arguments.GetValue(NoRoot);
        if (root && none) throw new UsageException("--root and --no-root contradict each other; give one of them");
        return root ? true : none ? false : null;
    }

    /// <summary>The step pattern that was typed; null where none was.</summary>
    /// <exception cref="UsageException">There is no such pattern.</exception>
    public StepPattern? ReadStep(ParseResult arguments)
    {
        if (arguments.GetValue(Step) is not { } name) return null;
        try
        {
            return StepPattern.ByName(name);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(
                NearestName.Of(name, StepPattern.Names) is { } nearest
                    ? $"'{name}' is no step pattern; did you mean '{nearest}'?"
                    : Failure.WithoutParameter(exception));
        }
    }

    /// <summary>What is wrong where a path is wanted and there is none.</summary>
    public static string NoPath(nint lengthA, nint lengthB) =>
        $"no path leads through {lengthA} x {lengthB} samples; widen the window, open the ends or take other steps";

    /// <summary>The error of a name that is none.</summary>
    public static UsageException Unknown(string what, string name, IReadOnlyList<string> known) => new(
        NearestName.Of(name, known) is { } nearest
            ? $"'{name}' is no {what}; did you mean '{nearest}'?"
            : $"'{name}' is no {what}; there are {string.Join(", ", known)}");
}
