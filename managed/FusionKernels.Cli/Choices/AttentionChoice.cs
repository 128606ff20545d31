using System.CommandLine;
using System.Globalization;

namespace FusionKernels.Cli;

/// <summary>The options of attention that need no file.</summary>
internal sealed class AttentionChoice
{
    private readonly Option<string?> _layout = new("--layout") { Description = "Order of dimensions: bhld (batch, heads, length, width; the default) or blhd.", HelpName = "order" };
    private readonly Option<string?> _causal = new("--causal") { Description = "none, top-left (query i at key i) or bottom-right (last query at last key).", HelpName = "alignment" };
    private readonly Option<int?> _left = Count("--window-left", "So many keys before its own position are seen; all by default.", "L");
    private readonly Option<int?> _right = Count("--window-right", "So many keys after its own position are seen; all by default.", "R");
    private readonly Option<int?> _prefix = Count("--prefix", "So many first keys are seen by every query.", "n");
    private readonly Option<double?> _scale = Number("--scale", "Factor of the dot products; 1 / sqrt(width) by default.", "S");
    private readonly Option<double?> _softCap = Number("--softcap", "Scores become C tanh(score / C); 0, the default, for none.", "C", value => value >= 0, "0 or more is needed");
    private readonly Option<double?> _dropout = Number("--dropout", "Weights are dropped with this probability, 0 (the default) to below 1, and the others scaled up.", "P", value => value is >= 0 and < 1, "0 to below 1 is needed");
    private readonly Option<int?> _seed = Count("--seed", "What decides which weights are dropped; 0 by default.", "n");
    private readonly Option<string?> _route = new("--route") { Description = "auto (the default: whichever was measured faster for the shape), fused or unfused, of the forward pass.", HelpName = "route" };
    private readonly Option<string?> _storage = new("--storage") { Description = "How queries, keys and values are stored: float32 (the default), float16 or bfloat16.", HelpName = "format" };
    private readonly Option<string?> _lengths = new("--key-lengths") { Description = "Keys that are there, for each item of the batch, separated by commas.", HelpName = "3,5" };
    private readonly Option<string?> _slopes = new("--alibi") { Description = "ALiBi slopes, one for each query head, separated by commas.", HelpName = "0.5,0.25" };

    /// <summary>Restricts words to those that are known.</summary>
    public AttentionChoice()
    {
        _layout.AcceptOnlyFromAmong("bhld", "blhd");
        _causal.AcceptOnlyFromAmong("none", "top-left", "bottom-right");
        _route.AcceptOnlyFromAmong("auto", "fused", "unfused");
        _storage.AcceptOnlyFromAmong("float32", "float16", "bfloat16");
    }

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_layout, _causal, _left, _right, _prefix, _lengths, _slopes, _scale, _softCap, _dropout, _seed, _route, _storage];

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">A list holds something else than numbers.</exception>
    public AttentionOptions Read(ParseResult arguments) => new()
    {
        Layout = arguments.GetValue(_layout) == "blhd" ? AttentionLayout.BatchLengthHeadsWidth : AttentionLayout.BatchHeadsLengthWidth,
        Causal = arguments.GetValue(_causal) switch
        {
            "top-left" => CausalAlignment.TopLeft,
            "bottom-right" => CausalAlignment.BottomRight,
            _ => CausalAlignment.None,
        },
        Route = arguments.GetValue(_route) switch
        {
            "fused" => AttentionRoute.Fused,
            "unfused" => AttentionRoute.Unfused,
            _ => AttentionRoute.Auto,
        },
        Storage = arguments.GetValue(_storage) switch
        {
            "float16" => AttentionStorage.Float16,
            "bfloat16" => AttentionStorage.BFloat16,
            _ => AttentionStorage.Element,
        },
        WindowLeft = arguments.GetValue(_left),
        WindowRight = arguments.GetValue(_right),
        Prefix = arguments.GetValue(_prefix) ?? 0,
        Scale = arguments.GetValue(_scale),
        SoftCap = arguments.GetValue(_softCap) ?? 0,
        Dropout = arguments.GetValue(_dropout) ?? 0,
        Seed = (ulong)(arguments.GetValue(_seed) ?? 0),
        KeyLengths = List<int>(arguments.GetValue(_lengths), _lengths.Name, "whole numbers", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null),
        AlibiSlopes = List<double>(arguments.GetValue(_slopes), _slopes.Name, "numbers", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null),
    };

    private static Option<int?> Count(string name, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result => OptionNumber.Integer(result, name, 0, int.MaxValue, "0 or more are needed"),
    };

    private static Option<double?> Number(string name, string description, string help, Predicate<double>? isWithin = null, string bounds = "") => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            double? number = OptionNumber.Finite(result, name);
            if (isWithin is not null && double.IsFinite(number ?? double.NaN) && !isWithin(number!.Value)) result.AddError($"{name} {result.Tokens[^1].Value}: {bounds}");
            return number;
        },
    };

    private static List<TNumber>? List<TNumber>(string? text, string option, string needed, Func<string, TNumber?> parse)
        where TNumber : struct
    {
        if (text is null) return null;
        List<TNumber> numbers = [];
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            numbers.Add(parse(word) ?? throw new UsageException($"{option} {text}: '{word}' is none of the {needed}, separated by commas, that are needed"));
        }

        return numbers;
    }
}
