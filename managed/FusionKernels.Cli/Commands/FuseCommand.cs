using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>fuse</c>: what fusion gains on views, beside every single view; writes a page and saves a model.</summary>
internal sealed class FuseCommand : ComputingVerb
{
    private readonly ViewOptions _views = new();

    private readonly Option<string?> _labels = new("--labels") { Description = $"The class of each row: {LabelFile.Forms}.", HelpName = "FILE" };
    private readonly Option<string?> _targets = new("--targets") { Description = "Numbers to predict instead, rows x outputs.", HelpName = "FILE" };
    private readonly Option<string?> _groups = new("--groups") { Description = "The group of each row, as a speaker: no group is on both sides of a split.", HelpName = "FILE" };

    private readonly Option<string[]> _strategies = new("--strategy")
    {
        Description = $"all, or some of {string.Join(", ", FusionStrategy.Names)}.",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _folds = new("--folds")
    {
        Description = "Folds.",
        HelpName = "n",
        DefaultValueFactory = _ => 5,
        CustomParser = result => OptionNumber.Integer(result, "--folds", 2, 1000, "2 folds at least, one to learn from and one to be judged on"),
    };

    private readonly Option<int?> _testFrom = new("--test-from")
    {
        Description = "One split instead: rows from this one (from 0) are judged on, those before it learned from.",
        HelpName = "row",
        CustomParser = result => OptionNumber.Integer(result, "--test-from", 1, int.MaxValue, "one row at least must be left to learn from"),
    };

    private readonly Option<double[]> _missing = new("--missing")
    {
        Description = "Rates of views that are made absent from the test rows, above 0 to 1, separated by commas.",
        HelpName = "rates",
        DefaultValueFactory = _ => [0.3, 0.5, 0.7],
        CustomParser = Rates,
    };

    private readonly Option<int?> _landmarks = new("--landmarks")
    {
        Description = "Kernels of each view alone and of the strategies that fuse them learn from all rows by their similarities to so many, for more rows than the square of fits.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--landmarks", 1, int.MaxValue, "one row at least must be compared with"),
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "What folds, absent views and landmarks follow from.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
        CustomParser = result => OptionNumber.Integer(result, "--seed", int.MinValue, int.MaxValue, "a whole number is needed"),
    };

    private readonly Option<string?> _save = new("--save") { Description = "Save the model of the one --strategy, fitted to all rows, for predict.", HelpName = "M.npz" };
    private readonly Option<string?> _report = new("--report") { Description = "Write a page with charts.", HelpName = "R.html" };

    /// <summary>Declares the verb.</summary>
    public FuseCommand()
        : base(
            "fuse",
            "Compare ways to fuse row-aligned views with every view alone and with the majority class, over folds, with absent and blinded views. Ctrl-C keeps the rows that are there.",
            "fuse --view pixels=pix.npy --view strokes=fou.csv --labels y.csv --report digits.html",
            "fuse --view a=a.npy --series motion=m.ts --labels y.csv --groups speaker.csv --strategy kernel-mean,alignf,stacking --folds 3",
            "fuse --view a=a.npy --view b=b.npy --labels y.csv --presence present.csv --strategy log-opinion --test-from 1600 --save m.npz --json")
    {
        _views.AddTo(this);
        Add(_labels);
        Add(_targets);
        Add(_groups);
        Add(_strategies);
        Add(_folds);
        Add(_testFrom);
        Add(_missing);
        Add(_landmarks);
        Add(_seed);
        Add(_save);
        Add(_report);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        NystromOptions? landmarks = arguments.GetValue(_landmarks) is { } count ? new() { Landmarks = count, Seed = arguments.GetValue(_seed) } : null;
        FusionStrategy[] strategies = Strategies(arguments.GetValue(_strategies) ?? [], landmarks);
        string? save = arguments.GetValue(_save), page = arguments.GetValue(_report);
        if (save is not null) OutputFile.RequireKind("--save", save, ".npz", []);
        if (page is not null) OutputFile.RequireKind("--report", page, ".html", []);
        if (save is not null && strategies.Length != 1) throw new UsageException("--save saves one model: name one --strategy");
        if (arguments.GetValue(_labels) is null == arguments.GetValue(_targets) is null) throw new UsageException("what is to be learned? name either --labels or --targets");
        Views views = IsFloat64(arguments) ? Read<double>(arguments) : Read<float>(arguments);
        using ComputeDevice device = OpenDevice(arguments, views.IsFloat64, "host");
        FusionReport report = terminal.WithProgress("fuse", progress => Compare(views, strategies, landmarks, arguments, device, progress, cancellation));
        if (page is not null) OutputFile.WriteText(page, report.ToHtml());
        if (arguments.GetValue(Json)) terminal.WriteJson(JsonDocument.Parse(report.ToJson()).RootElement);
        else terminal.Console.Write(new Text(report.ToString()));
        if (!report.IsComplete)
        {
            terminal.WriteError("cancelled; the rows above are those that were done");
            return ExitCode.Cancelled;
        }

        if (save is not null) FusionStrategy.Save(save, views, strategies[0], new ExecutionOptions { Device = device, Threads = arguments.GetValue(Threads), Cancellation = cancellation });
        return ExitCode.Success;
    }

    /// <summary>The strategies that are named; none for all that take the views.</summary>
    private static FusionStrategy[] Strategies(string[] named, NystromOptions? landmarks)
    {
        string[] names = [.. named.SelectMany(one => one.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (names.Length == 0 || names.Contains("all")) return [];
        foreach (string name in names)
        {
            if (!FusionStrategy.Names.Contains(name)) throw new UsageException($"there is no strategy '{name}'; there are {string.Join(", ", FusionStrategy.Names)}{NearestName.Hint(name, FusionStrategy.Names)}");
        }

        return [.. FusionStrategy.All().Where(one => names.Contains(one.Name)).Select(one => AtLandmarks(one, landmarks))];
    }

    /// <summary>A strategy of kernels at landmarks; any other as it is.</summary>
    private static FusionStrategy AtLandmarks(FusionStrategy strategy, NystromOptions? landmarks) =>
        landmarks is not null && Enum.GetValues<KernelWeighting>().Where(one => KernelFusionFit.NameOf(one) == strategy.Name).ToArray() is [KernelWeighting weighting] ? FusionStrategy.Kernel(weighting, landmarks) : strategy;

    private static double[] Rates(ArgumentResult result)
    {
        string text = string.Join(',', result.Tokens.Select(token => token.Value));
        List<double> rates = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= 1) rates.Add(rate);
            else result.AddError($"--missing {text}: rates above 0 up to 1 are needed, as in .3,.5,.7");
        }

        return [.. rates];
    }

    private Views Read<T>(ParseResult arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Views views = _views.Read<T>(arguments);
        for (int m = 0; m < views.Count; m++)
        {
            // All folds would say so of the view, one after the other.
            if (views.At(m).Kind == ViewKind.Gram) views.At(m).RequireSquare(views.Names[m]);
            if (!Enumerable.Range(0, views.Rows).Any(row => views.IsPresent(row, m))) throw new DataException($"view '{views.Names[m]}' is present in none of the {views.Rows} rows");
        }

        if (arguments.GetValue(_groups) is { } groups) views = views.WithGroups([.. ClassLabels.From(LabelFile.Read(groups, views.Rows, "the views")).Indices]);
        return arguments.GetValue(_labels) is { } labels
            ? views.WithLabels(TwoRowsAtLeast(LabelFile.ReadClasses(labels, views.Rows, "the views")))
            : views.WithTargets(MatrixFile.Read<double>(arguments.GetValue(_targets)!));
    }

    /// <summary>Whatever splits the rows, by class, by group or at a row, a class of one row is asked for unlearned or learned unasked.</summary>
    private static ClassLabels TwoRowsAtLeast(ClassLabels labels)
    {
        int lone = labels.Indices.CountBy(index => index).FirstOrDefault(one => one.Value == 1, new(-1, 0)).Key;
        return lone < 0 ? labels : throw new DataException($"class '{labels.Names[lone]}' has one row: it cannot be on both sides of a split");
    }

    private FusionReport Compare(Views views, FusionStrategy[] strategies, NystromOptions? landmarks, ParseResult arguments, ComputeDevice device, IProgress<Step> progress, CancellationToken cancellation)
    {
        double fraction = 0;
        return FusionReport.Compare(views, new FusionReportOptions
        {
            Strategies = strategies.Length > 0 || landmarks is null ? strategies : [.. FusionStrategy.All(views).Select(one => AtLandmarks(one, landmarks))],
            Landmarks = landmarks,
            Folds = arguments.GetValue(_folds),
            TestFrom = arguments.GetValue(_testFrom),
            Seed = arguments.GetValue(_seed),
            MissingRates = arguments.GetValue(_missing)!,
            Device = device,
            Threads = arguments.GetValue(Threads),
            Cancellation = cancellation,
            Step = name => progress.Report(new Step(fraction, name)),
            Progress = new FractionProgress(new Remembering(progress, value => fraction = value)),
        });
    }

    /// <summary>Passes steps on, and their fraction to whoever names the next.</summary>
    private sealed class Remembering(IProgress<Step> next, Action<double> told) : IProgress<Step>
    {
        public void Report(Step value)
        {
            told(value.Fraction);
            next.Report(value);
        }
    }
}
