using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>dtw-classify</c>: labelled series, classified by their nearest neighbours under dynamic time warping.</summary>
internal sealed class DtwClassifyCommand : GenericVerb
{
    /// <summary>Up to so many classes, which is taken for which is told.</summary>
    private const int MostClassesShown = 12;

    private readonly Argument<string> _train = new("TRAIN") { Description = "The .ts file whose labels are taken." };
    private readonly Argument<string> _test = new("TEST") { Description = "The .ts file whose labels are compared." };

    private readonly Option<int> _neighbours = new("--neighbours")
    {
        Description = "Training series that vote; 1 by default.",
        HelpName = "k",
        DefaultValueFactory = _ => 1,
        CustomParser = result => OptionNumber.Integer(result, "--neighbours", 1, int.MaxValue, "at least 1 series must vote"),
    };

    private readonly WarpingOptions _warping = new();

    /// <summary>Declares the verb.</summary>
    public DtwClassifyCommand()
        : base(
            "dtw-classify",
            "Classify the series of TEST by their nearest series of TRAIN under dynamic time warping, and count the errors.",
            float64ByDefault: false,
            "dtw-classify GunPoint_TRAIN.ts GunPoint_TEST.ts",
            "dtw-classify train.ts test.ts --window-fraction 0.05 --neighbours 3 --json",
            "dtw-classify BasicMotions_TRAIN.ts BasicMotions_TEST.ts --independent")
    {
        Add(_train);
        Add(_test);
        Add(_neighbours);
        foreach (Option option in _warping.All) Add(option);
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        DtwOptions options = _warping.Read(arguments);
        string pathTrain = arguments.GetRequiredValue(_train), pathTest = arguments.GetRequiredValue(_test);
        int neighbours = arguments.GetValue(_neighbours);
        TimeSeriesSet<T> train = ReadLabelled<T>(pathTrain, options.Missing), test = ReadLabelled<T>(pathTest, options.Missing);
        SeriesPairInput.RequireSameChannels(pathTrain, train.Channels, pathTest, test.Channels);
        if (neighbours > train.Count) throw new UsageException($"--neighbours {neighbours}: {pathTrain} has only {train.Count} series");
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        long started = Stopwatch.GetTimestamp(), skippedValues = 0;
        ClassLabels predicted = terminal.WithProgress("dtw-classify", progress => DtwClassifier<T>.Fit(train, neighbours, options with
        {
            Device = device,
            Threads = arguments.GetValue(Threads),
            Cancellation = cancellation,
            Progress = new FractionProgress(progress),
            Report = report => skippedValues = report.SkippedValues,
        }).Predict(test.Series));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        int total = test.Count, errors = Enumerable.Range(0, total).Count(i => predicted[i] != test.Labels![i]);
        double error = (double)errors / total;
        bool skips = options.Missing == MissingSamples.Skip;
        string ran = $"{device.Description.Name}, {PrecisionName(typeof(T) == typeof(double))}: {Units.Seconds(seconds)}{(skips ? $", {skippedValues} missing values skipped" : "")}";
        if (!arguments.GetValue(Json)) Show(terminal.Console, predicted, test.Labels!, errors, ran);
        else if (skips) terminal.WriteJson(new { error, errors, total, skippedValues });
        else terminal.WriteJson(new { error, errors, total });
    }

    private static TimeSeriesSet<T> ReadLabelled<T>(string path, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TimeSeriesSet<T> set = SeriesFile.ReadSet<T>(path, missing);
        return set.Labels is null ? throw new DataException($"{path} has no class labels; .ts files with @classLabel true have") : set;
    }

    private static void Show(IAnsiConsole console, ClassLabels predicted, ClassLabels actual, int errors, string ran)
    {
        int total = actual.Count;
        string share = Units.Percent((double)errors / total, 1);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{errors} of {total}[/] wrong, {share}");
        if (actual.Names.Count <= MostClassesShown) console.Write(Confusion(predicted, actual));
        console.MarkupLineInterpolated($"{ran}");
    }

    /// <summary>A row for each class that the series have, a column for each that they are given.</summary>
    private static Table Confusion(ClassLabels predicted, ClassLabels actual)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("class, given as");
        foreach (string name in predicted.Names) table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned());
        foreach (string name in actual.Names)
        {
            table.AddRow([Markup.Escape(name), .. predicted.Names.Select(given => Cell(name, given))]);
        }

        return table;

        string Cell(string own, string given)
        {
            int count = Enumerable.Range(0, actual.Count).Count(i => actual[i] == own && predicted[i] == given);
            string text = count.ToString(CultureInfo.InvariantCulture);
            return count == 0 ? "[dim]0[/]" : own == given ? $"[green]{text}[/]" : $"[red]{text}[/]";
        }
    }
}
