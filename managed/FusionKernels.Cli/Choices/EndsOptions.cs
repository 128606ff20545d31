using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FusionKernels.Cli;

/// <summary>The options that say what may be left out at the ends.</summary>
internal sealed class EndsOptions
{
    private const string PsiForm = "four whole numbers of 0 or more: begin and end of A, begin and end of B, as in 0,0,5,5";

    /// <summary><c>--open-begin</c>.</summary>
    public Option<bool> OpenBegin { get; } = new("--open-begin") { Description = "Leave out as much of the begin of B as is best." };

    /// <summary><c>--open-end</c>.</summary>
    public Option<bool> OpenEnd { get; } = new("--open-end") { Description = "Leave out as much of the end of B as is best." };

    /// <summary><c>--psi</c>.</summary>
    public Option<WarpingEnds?> Psi { get; } = new("--psi")
    {
        Description = "Samples that may be left out: begin and end of A, begin and end of B.",
        HelpName = "b1,e1,b2,e2",
        CustomParser = ParsePsi,
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [OpenBegin, OpenEnd, Psi];

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">Both forms were typed.</exception>
    public WarpingEnds Read(ParseResult arguments)
    {
        bool begin = arguments.GetValue(OpenBegin), end = arguments.GetValue(OpenEnd);
        if (arguments.GetValue(Psi) is not { } psi) return new(0, 0, begin ? int.MaxValue : 0, end ? int.MaxValue : 0);
        return begin || end ? throw new UsageException($"--psi and {(begin ? "--open-begin" : "--open-end")} both say what may be left out; give one of them") : psi;
    }

    private static WarpingEnds? ParsePsi(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        string[] parts = text.Split(',');
        int[] samples = new int[4];
        bool isForm = parts.Length == samples.Length;
        for (int i = 0; isForm && i < samples.Length; i++) isForm = int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out samples[i]);
        if (!isForm) result.AddError($"--psi {text}: {PsiForm}");
        return new(samples[0], samples[1], samples[2], samples[3]);
    }
}
