using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary><c>dtw-search</c>: where in a long series is what resembles a short one, or each of several?</summary>
internal sealed class DtwSearchCommand : GenericVerb
{
    private readonly Argument<string> _query = new("Q") { Description = $"What to look for: {SeriesFile.Forms}." };
    private readonly Argument<string> _stream = new("R") { Description = "The series to look in, of as many channels, at least as long." };

    private readonly Option<bool> _set = new("--set") { Description = $"Q is a set of series, of which each is looked for: {SeriesFile.SetForms}." };
    private readonly FeaturesOption _features = new();

    private readonly Option<int> _top = new("--top")
    {
        Description = "At most so many matches, the nearest first; 1 by default.",
        HelpName = "k",
        DefaultValueFactory = _ => 1,
        CustomParser = result => OptionNumber.Integer(result, "--top", 1, int.MaxValue, "ask for 1 match or more"),
    };

    private readonly Option<int?> _exclusion = new("--exclusion")
    {
        Description = "Matches begin at least so many samples apart; half of Q by default.",
        HelpName = "n",
        CustomParser = result => OptionNumber.Integer(result, "--exclusion", 0, int.MaxValue, "a number of samples is 0 or more"),
    };

    private readonly Option<bool> _znormalize = new("--znormalize") { Description = "Give Q and every window of R mean 0 and deviation 1 before they are compared." };
    private readonly WarpingOptions _warping = new();

    /// <summary>Declares the verb.</summary>
    public DtwSearchCommand()
        : base(
            "dtw-search",
            "Find the windows of R that are nearest to Q under dynamic time warping. Bounds remove most of them unaligned; the answer is that of aligning every one.",
            float64ByDefault: false,
            "dtw-search query.csv stream.npy --top 5 --window 6 --znormalize",
            "dtw-search word.wav recording.wav --features mfcc --window-fraction 0.1 --json",
            "dtw-search patterns.csv stream.npy --set --top 3 --window-fraction 0.05 --znormalize")
    {
        Add(_query);
        Add(_stream);
        Add(_set);
        Add(_features);
        Add(_top);
        foreach (Option option in Options()) Add(option);
        Add(_znormalize);
        Add(_exclusion);

        IEnumerable<Option> Options() => [.. _warping.Window.Bands, _warping.Cost, _warping.Root, _warping.NoRoot, _warping.Missing];
    }

    /// <inheritdoc/>
    protected override void Run<T>(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        DtwSearchOptions options = ReadOptions(arguments);
        (IReadOnlyList<Tensor<T>> queries, Tensor<T> stream) = ReadSeries<T>(arguments, options.Missing);
        using ComputeDevice device = OpenDevice(arguments, typeof(T) == typeof(double), byDefault: "host");
        List<ExecutionReport> reports = [];
        DtwSearchResult<T>[] results = terminal.WithProgress("dtw-search", progress => DtwSearch.Find(queries, stream, options with
        {
            Device = device,
            Threads = arguments.GetValue(Threads),
            Cancellation = cancellation,
            Progress = new FractionProgress(progress),
            Report = reports.Add,
        }));
        if (!arguments.GetValue(Json)) Show(terminal.Console, results, reports);
        else if (arguments.GetValue(_set)) terminal.WriteJson(new { queries = results.Select(Told) });
        else terminal.WriteJson(Told(results[0], 0));

        object Told(DtwSearchResult<T> result, int query) => options.Missing == MissingSamples.Skip
            ? new { matches = result.Matches, pruned = result.Ledger.Pruned, skippedValues = reports[query].SkippedValues }
            : new { matches = result.Matches, pruned = result.Ledger.Pruned };
    }

    private (IReadOnlyList<Tensor<T>> Queries, Tensor<T> Stream) ReadSeries<T>(ParseResult arguments, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string pathQ = arguments.GetRequiredValue(_query), pathR = arguments.GetRequiredValue(_stream);
        SeriesFeatures features = _features.Read(arguments);
        IReadOnlyList<Tensor<T>> queries = arguments.GetValue(_set) ? SeriesFile.ReadSet<T>(pathQ, missing).Series : [SeriesFile.Read<T>(pathQ, features, missing)];
        Tensor<T> stream = SeriesFile.Read<T>(pathR, features, missing);
        SeriesPairInput.RequireSameChannels(pathQ, queries[0].Lengths[1], pathR, stream.Lengths[1]);
        for (int i = 0; i < queries.Count; i++)
        {
            if (queries[i].Lengths[0] <= stream.Lengths[0]) continue;
            string one = queries.Count == 1 ? pathQ : $"series {i} of {pathQ}";
            throw new DataException($"{one} has {queries[i].Lengths[0]} samples, {pathR} only {stream.Lengths[0]}; exchange them, or look in a longer series");
        }

        return (queries, stream);
    }

    private DtwSearchOptions ReadOptions(ParseResult arguments)
    {
        PointCost cost = _warping.ReadCost(arguments) ?? PointCost.SquaredEuclidean;
        if (cost == PointCost.Cosine) throw new UsageException("--cost cosine has no lower bound; a search compares samples by squared-euclidean, absolute or euclidean");
        return new()
        {
            Count = arguments.GetValue(_top),
            Exclusion = arguments.GetValue(_exclusion),
            ZNormalize = arguments.GetValue(_znormalize),
            Window = _warping.Window.Read(arguments) ?? WarpingWindow.None,
            Cost = cost,
            Root = _warping.ReadRoot(arguments),
            Missing = _warping.Missing.Read(arguments),
        };
    }

    private static void Show<T>(IAnsiConsole console, DtwSearchResult<T>[] results, IReadOnlyList<ExecutionReport> reports)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Table matches = new() { Border = TableBorder.Rounded };
        foreach (string column in (string[])["query", "position", "distance"]) matches.AddColumn(new TableColumn(column).RightAligned());
        for (int query = 0; query < results.Length; query++)
        {
            foreach (DtwSearchMatch<T> match in results[query].Matches)
            {
                matches.AddRow(query.ToString(CultureInfo.InvariantCulture), match.Position.ToString(CultureInfo.InvariantCulture), match.Distance.ToString(null, CultureInfo.InvariantCulture));
            }
        }

        console.Write(matches);
        console.Write(Ledger(results.Select(result => result.Ledger).Aggregate((sum, ledger) => sum.Plus(ledger))));
        console.MarkupLineInterpolated($"{reports[0].Device}, {reports[0].Precision}: {Units.Seconds(reports.Sum(report => report.TotalSeconds))}");
        long skipped = reports.Max(report => report.SkippedValues);
        if (skipped > 0) console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{skipped} missing values of query and stream were skipped{(reports.Count > 1 ? " at the most" : "")}");
    }

    private static Table Ledger(DtwSearchLedger ledger)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumn("windows");
        table.AddColumn(new TableColumn("").RightAligned());
        table.AddColumn(new TableColumn("").RightAligned());
        foreach ((string stage, long windows) in new[]
        {
            ("removed by Kim's bound", ledger.Kim),
            ("by Keogh's, of the window", ledger.KeoghOfWindow),
            ("by Keogh's, of the query", ledger.KeoghOfQuery),
            ("by Lemire's improved bound", ledger.Improved),
            ("by Webb's bound", ledger.Webb),
            ("alignments abandoned", ledger.Abandoned),
            ("alignments completed", ledger.Completed),
            ("all", ledger.Windows),
        })
        {
            table.AddRow(stage, windows.ToString("N0", CultureInfo.InvariantCulture), Units.Percent((double)windows / Math.Max(1, ledger.Windows), 1));
        }

        return table;
    }
}
