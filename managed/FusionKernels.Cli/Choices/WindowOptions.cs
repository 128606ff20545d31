using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary>The options that say which samples may be matched; at most one of them may be typed.</summary>
internal sealed class WindowOptions
{
    /// <summary><c>--window</c>.</summary>
    public Option<int?> Radius { get; } = new("--window")
    {
        Description = "Samples at most n apart, or as far as the lengths differ.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--window", 0, int.MaxValue, "a window is 0 or more samples wide"),
    };

    /// <summary><c>--window-fraction</c>.</summary>
    public Option<double?> Fraction { get; } = new("--window-fraction")
    {
        Description = "The same as a fraction of the shorter length, 0 to 1.",
        HelpName = "f",
        CustomParser = result => OptionNumber.Finite(result, "--window-fraction"),
    };

    /// <summary><c>--itakura</c>.</summary>
    public Option<double?> Itakura { get; } = new("--itakura")
    {
        Description = "Itakura's parallelogram of this greatest slope, 1 or more; 2 is usual.",
        HelpName = "slope",
        CustomParser = result => OptionNumber.Finite(result, "--itakura"),
    };

    /// <summary><c>--slanted</c>.</summary>
    public Option<int?> Slanted { get; } = new("--slanted")
    {
        Description = "Samples at most n from the straight line between the corners.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--slanted", 0, int.MaxValue, "a window is 0 or more samples wide"),
    };

    /// <summary>The bands: windows that lie evenly along the diagonal.</summary>
    public IReadOnlyList<Option> Bands => [Radius, Fraction];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [Radius, Fraction, Itakura, Slanted];

    /// <summary>The window that was typed; null where none was.</summary>
    /// <exception cref="UsageException">Two were typed, or a number is out of its range.</exception>
    public WarpingWindow? Read(ParseResult arguments)
    {
        RequireOne(arguments);
        return arguments.GetValue(Radius) is { } radius ? WarpingWindow.Radius(radius)
            : arguments.GetValue(Slanted) is { } slanted ? WarpingWindow.Slanted(slanted)
            : Of(Fraction, arguments, WarpingWindow.Fraction) ?? Of(Itakura, arguments, WarpingWindow.Itakura);
    }

    /// <summary>Makes a window from an option's number, if it was typed.</summary>
    /// <exception cref="UsageException">The number is out of its range.</exception>
    public static WarpingWindow? Of(Option<double?> option, ParseResult arguments, Func<double, WarpingWindow> create)
    {
        if (arguments.GetValue(option) is not { } value) return null;
        try
        {
            return create(value);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(FormattableString.Invariant($"{option.Name} {value}: {Failure.WithoutParameter(exception)}"));
        }
    }

    /// <summary>Requires that at most one was typed.</summary>
    /// <exception cref="UsageException">Two were.</exception>
    public void RequireOne(ParseResult arguments)
    {
        string[] typed = [.. All.Where(option => arguments.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
        if (typed.Length > 1) throw new UsageException($"{string.Join(" and ", typed)} are different windows; give one of them");
    }
}
